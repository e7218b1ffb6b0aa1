(function(){document.querySelectorAll('[data-wm-reel="NAME"]:not([data-on])').forEach(function(f){
f.dataset.on=1;var q=function(s){return f.querySelector(s)},d=JSON.parse(q('.wm-data').textContent),i=0,on=false,asked=false,last=0,seen=false,ready=0,
bar=q('input'),play=q('.wm-play'),says=q('.wm-says'),ic=function(p){return '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="'+p+'"/></svg>'},
PLAY=ic('M3 1l10 6-10 6z'),HOLD=ic('M2 1h4v12H2zM8 1h4v12H8z'),
S=[].map.call(f.querySelectorAll('.wm-screen'),function(e){var g=e.querySelector('img'),c=document.createElement('canvas'),s=new Image(),o={c:c,s:s,w:+g.getAttribute('width'),h:+g.getAttribute('height'),k:+e.dataset.columns};
c.width=o.w;c.height=o.h;c.setAttribute('role','img');c.setAttribute('aria-label',g.alt);s.onload=function(){e.replaceChild(c,g);if(++ready===S.length){q('.wm-controls').hidden=false;show(0);move()}};s.src=e.dataset.sheet;return o});
q('.wm-back').innerHTML=ic('M2 1h2v12H2zM13 1v12L5 7z');q('.wm-next').innerHTML=ic('M10 1h2v12h-2zM1 1l8 6-8 6z');
function show(k){i=k;S.forEach(function(o){var x=o.c.getContext('2d');x.clearRect(0,0,o.w,o.h);x.drawImage(o.s,k%o.k*o.w,(k/o.k|0)*o.h,o.w,o.h,0,0,o.w,o.h)});bar.value=k;says.textContent=d.labels?d.labels[k]:(k+1)+' / '+d.n}
function set(v){on=v;play.innerHTML=v?HOLD:PLAY;if(v)requestAnimationFrame(tick)}
function tick(t){if(!on)return;if(!seen&&!asked){set(false);return}if(t-last>=1000/d.fps-4){last=t;var k=i+1;if(k>=d.n){if(!d.loop){set(false);return}k=0;last=t+700}show(k)}requestAnimationFrame(tick)}
function move(){if(ready<S.length||asked)return;set(seen&&!matchMedia('(prefers-reduced-motion: reduce)').matches)}
function hold(k){asked=true;set(false);show((k+d.n)%d.n)}
play.onclick=function(){asked=true;if(!on&&!d.loop&&i===d.n-1)show(0);set(!on)};
q('.wm-back').onclick=function(){hold(i-1)};q('.wm-next').onclick=function(){hold(i+1)};bar.oninput=function(){hold(+bar.value)};
play.innerHTML=PLAY;
if('IntersectionObserver' in window)new IntersectionObserver(function(e){seen=e[e.length-1].isIntersecting;move()},{threshold:.4}).observe(f);
})})();
