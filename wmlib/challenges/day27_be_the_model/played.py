"""What calls did on some desks: written by the instructor's rules."""

LESSONS = """\
tray 3 stamps 0 bin 1 ; report gone ; poem 1 loose signed single ; essay 6 loose unsigned single . If I sign poem , what will happen ? nothing changes . => same .
tray 2 stamps 1 bin 2 ; contract 4 stapled signed single ; essay 3 stapled unsigned copied ; bill 1 loose signed copied . If I staple bill , what will happen ? error : one page needs no staple . => same .
tray 0 stamps 0 bin 2 ; letter 2 loose signed copied ; report gone ; memo 2 stapled unsigned copied . If I sign report , what will happen ? error : no report on the desk . => same .
tray 0 stamps 2 bin 3 ; bill 5 loose signed copied ; report 1 loose signed single ; claim 4 loose unsigned copied . If I copy report , what will happen ? error : the tray is empty . => same .
tray 3 stamps 3 bin 1 ; memo 6 stapled signed copied ; contract 3 stapled signed single ; essay 2 loose signed single . If I shred essay , what will happen ? error : the bin is full . => same .
tray 4 stamps 2 bin 7 ; bill 2 loose unsigned copied ; letter 3 loose unsigned single ; poem 4 stapled unsigned copied . If I sign poem , what will happen ? poem is signed , the copy is out of date . => poem 4 stapled signed single .
tray 0 stamps 3 bin 2 ; letter 3 loose unsigned single ; memo 3 stapled signed single ; poem 1 loose signed single . If I shred poem , what will happen ? poem is lost for ever . => bin - 1 ; poem gone .
tray 3 stamps 0 bin 0 ; memo 4 stapled signed copied ; contract 5 loose signed single ; poem 5 loose signed single . If I shred contract , what will happen ? error : the bin is full . => same .
tray 3 stamps 1 bin 5 ; contract 5 stapled signed single ; essay 6 loose signed single ; memo 1 loose signed copied . If I post contract , what will happen ? error : not enough stamps . => same .
tray 6 stamps 3 bin 1 ; report 5 loose signed single ; contract 5 loose unsigned single ; memo 6 stapled signed single . If I post memo , what will happen ? memo is posted , nothing is kept . => stamps - 2 ; memo gone .
tray 5 stamps 0 bin 7 ; claim gone ; poem 6 stapled unsigned copied ; report 1 loose signed single . If I copy report , what will happen ? report is copied . => tray - 1 ; report 1 loose signed copied .
tray 5 stamps 3 bin 4 ; letter 6 stapled signed single ; essay 3 loose signed copied ; memo gone . If I staple memo , what will happen ? error : no memo on the desk . => same .
tray 6 stamps 3 bin 0 ; bill 4 stapled signed single ; claim 6 loose unsigned single ; letter 5 loose unsigned single . If I staple letter , what will happen ? letter is stapled . => letter 5 stapled unsigned single .
tray 5 stamps 0 bin 5 ; letter 2 loose unsigned copied ; memo 3 loose unsigned single ; report 4 stapled unsigned copied . If I sign letter , what will happen ? letter is signed , the copy is out of date . => letter 2 loose signed single .
tray 0 stamps 1 bin 7 ; essay 2 loose unsigned single ; contract gone ; letter 5 loose unsigned single . If I sign contract , what will happen ? error : no contract on the desk . => same .
tray 2 stamps 2 bin 5 ; report 4 loose unsigned single ; letter 3 loose signed single ; claim 2 loose signed copied . If I shred letter , what will happen ? letter is lost for ever . => bin - 3 ; letter gone .
tray 2 stamps 3 bin 6 ; report 2 loose unsigned copied ; contract 3 stapled signed single ; bill 4 loose unsigned single . If I post bill , what will happen ? bill comes back unsigned . => stamps - 2 .
tray 0 stamps 1 bin 1 ; letter 6 loose signed single ; poem 4 stapled signed single ; essay gone . If I shred essay , what will happen ? error : no essay on the desk . => same .
tray 3 stamps 3 bin 1 ; letter 3 stapled unsigned copied ; bill 4 loose unsigned copied ; report 3 stapled unsigned copied . If I post report , what will happen ? report comes back unsigned . => stamps - 1 .
tray 3 stamps 2 bin 2 ; poem gone ; contract 4 loose unsigned single ; memo 6 stapled signed single . If I sign poem , what will happen ? error : no poem on the desk . => same .
tray 5 stamps 3 bin 3 ; poem 4 loose unsigned single ; bill 4 stapled unsigned copied ; contract 2 loose unsigned copied . If I copy bill , what will happen ? error : bill is stapled . => same .
tray 4 stamps 2 bin 5 ; report 6 stapled unsigned copied ; poem 3 stapled unsigned copied ; essay gone . If I staple essay , what will happen ? error : no essay on the desk . => same .
tray 1 stamps 3 bin 5 ; essay 1 loose unsigned single ; letter 2 loose signed copied ; claim 4 stapled unsigned copied . If I copy claim , what will happen ? error : claim is stapled . => same .
tray 1 stamps 0 bin 0 ; claim 3 loose signed single ; essay 6 loose unsigned copied ; memo 2 loose unsigned single . If I copy claim , what will happen ? only 1 pages are copied . => tray - 1 .
tray 6 stamps 0 bin 4 ; bill 2 stapled unsigned copied ; claim 6 loose signed single ; report 2 loose signed single . If I copy report , what will happen ? report is copied . => tray - 2 ; report 2 loose signed copied .
tray 4 stamps 1 bin 4 ; letter 6 stapled unsigned single ; bill 4 loose unsigned single ; essay 2 loose unsigned single . If I sign bill , what will happen ? bill is signed . => bill 4 loose signed single .
tray 3 stamps 3 bin 3 ; essay 1 loose unsigned copied ; bill 1 loose signed single ; memo gone . If I copy memo , what will happen ? error : no memo on the desk . => same .
tray 2 stamps 2 bin 7 ; memo 2 loose signed copied ; contract gone ; claim 2 loose unsigned single . If I post contract , what will happen ? error : no contract on the desk . => same .
tray 5 stamps 1 bin 7 ; claim 4 loose unsigned copied ; poem 6 loose signed single ; essay 1 loose signed single . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 4 ; claim gone .
tray 0 stamps 1 bin 1 ; memo 2 stapled signed single ; contract 6 loose unsigned copied ; claim 3 stapled unsigned single . If I staple contract , what will happen ? contract is stapled . => contract 6 stapled unsigned copied .
tray 2 stamps 0 bin 3 ; claim 2 loose signed single ; letter 2 stapled unsigned copied ; memo 1 loose signed copied . If I sign claim , what will happen ? nothing changes . => same .
tray 6 stamps 2 bin 0 ; letter 4 stapled unsigned single ; poem 1 loose unsigned single ; memo 2 loose unsigned single . If I post memo , what will happen ? memo comes back unsigned . => stamps - 1 .
tray 4 stamps 1 bin 7 ; claim 3 loose unsigned single ; contract 6 loose unsigned single ; poem 1 loose unsigned single . If I shred claim , what will happen ? claim is lost for ever . => bin - 3 ; claim gone .
tray 1 stamps 1 bin 2 ; poem 5 loose unsigned single ; contract 3 stapled unsigned copied ; bill 4 loose signed single . If I sign contract , what will happen ? contract is signed , the copy is out of date . => contract 3 stapled signed single .
tray 2 stamps 1 bin 2 ; bill 5 stapled signed copied ; letter 2 loose signed single ; essay 3 loose signed copied . If I staple essay , what will happen ? essay is stapled . => essay 3 stapled signed copied .
tray 0 stamps 0 bin 3 ; report 5 loose signed single ; poem 3 stapled unsigned copied ; bill 6 loose signed single . If I shred report , what will happen ? error : the bin is full . => same .
tray 5 stamps 2 bin 7 ; memo 1 loose signed copied ; poem gone ; claim 5 loose signed single . If I sign poem , what will happen ? error : no poem on the desk . => same .
tray 0 stamps 2 bin 7 ; report 5 loose signed copied ; poem 2 stapled unsigned copied ; essay 6 stapled unsigned single . If I post essay , what will happen ? essay comes back unsigned . => stamps - 2 .
tray 2 stamps 1 bin 6 ; essay 6 loose signed copied ; report 4 loose signed single ; poem 3 stapled unsigned copied . If I sign report , what will happen ? nothing changes . => same .
tray 6 stamps 1 bin 1 ; contract gone ; letter 1 loose signed copied ; poem 1 loose unsigned single . If I sign contract , what will happen ? error : no contract on the desk . => same .
tray 4 stamps 2 bin 6 ; memo 4 loose signed copied ; poem 6 stapled unsigned single ; contract gone . If I shred poem , what will happen ? error : the shredder jams . => same .
tray 4 stamps 2 bin 1 ; essay 5 loose signed single ; report 4 loose signed copied ; memo 4 loose signed copied . If I post memo , what will happen ? memo is posted , the copy is kept . => stamps - 2 ; memo gone .
tray 1 stamps 2 bin 7 ; memo 6 loose signed copied ; letter 2 loose signed copied ; contract 1 loose unsigned single . If I shred letter , what will happen ? letter is shredded , the copy is kept . => bin - 2 ; letter gone .
tray 6 stamps 0 bin 5 ; poem 3 stapled unsigned single ; bill 6 stapled unsigned single ; memo 1 loose unsigned single . If I sign poem , what will happen ? poem is signed . => poem 3 stapled signed single .
tray 4 stamps 1 bin 5 ; letter 3 loose unsigned copied ; report 2 loose unsigned single ; poem 1 loose unsigned copied . If I shred letter , what will happen ? letter is shredded , the copy is kept . => bin - 3 ; letter gone .
tray 2 stamps 1 bin 1 ; letter 5 stapled unsigned single ; contract 5 loose unsigned single ; memo 5 loose unsigned single . If I sign memo , what will happen ? memo is signed . => memo 5 loose signed single .
tray 0 stamps 2 bin 5 ; letter gone ; poem 4 stapled signed copied ; report gone . If I shred report , what will happen ? error : no report on the desk . => same .
tray 0 stamps 3 bin 7 ; letter 2 stapled signed copied ; claim 5 loose unsigned copied ; bill 1 loose signed copied . If I post claim , what will happen ? claim comes back unsigned . => stamps - 2 .
tray 5 stamps 2 bin 6 ; contract gone ; poem gone ; claim 2 stapled signed copied . If I shred claim , what will happen ? error : the shredder jams . => same .
tray 6 stamps 0 bin 5 ; contract 3 loose signed single ; bill 6 loose unsigned copied ; poem 1 loose signed copied . If I shred bill , what will happen ? error : the bin is full . => same .
tray 2 stamps 3 bin 2 ; contract 3 loose unsigned copied ; claim 4 stapled unsigned copied ; letter 3 loose signed copied . If I staple claim , what will happen ? the staple is out . => claim 4 loose unsigned copied .
tray 0 stamps 1 bin 6 ; letter 2 loose signed single ; report 1 loose signed single ; essay 4 loose unsigned single . If I sign essay , what will happen ? essay is signed . => essay 4 loose signed single .
tray 2 stamps 0 bin 5 ; essay 1 loose signed single ; poem 2 loose unsigned single ; contract 3 loose signed single . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 3 bin 1 ; claim gone ; poem 5 loose signed copied ; letter 3 loose signed copied . If I copy poem , what will happen ? nothing changes . => same .
tray 0 stamps 0 bin 5 ; poem 4 stapled unsigned single ; bill 6 loose signed single ; claim 2 loose signed single . If I copy claim , what will happen ? error : the tray is empty . => same .
tray 0 stamps 2 bin 1 ; poem 5 loose unsigned copied ; memo gone ; report 5 stapled signed copied . If I sign memo , what will happen ? error : no memo on the desk . => same .
tray 5 stamps 2 bin 2 ; contract gone ; claim 2 loose unsigned copied ; bill 4 loose unsigned single . If I shred bill , what will happen ? error : the bin is full . => same .
tray 0 stamps 3 bin 6 ; claim 6 loose signed copied ; memo 4 loose signed copied ; bill 2 loose signed copied . If I post bill , what will happen ? bill is posted , the copy is kept . => stamps - 1 ; bill gone .
tray 2 stamps 1 bin 6 ; bill 4 stapled unsigned copied ; report 4 stapled signed single ; claim 4 loose unsigned copied . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 4 ; claim gone .
tray 6 stamps 1 bin 4 ; report 2 loose unsigned single ; bill 3 loose unsigned copied ; essay 1 loose unsigned copied . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 4 stamps 0 bin 5 ; bill 1 loose signed single ; memo 3 stapled unsigned copied ; report 2 loose unsigned single . If I sign report , what will happen ? report is signed . => report 2 loose signed single .
tray 4 stamps 3 bin 0 ; report 6 loose unsigned copied ; essay 1 loose unsigned single ; contract 1 loose signed single . If I shred essay , what will happen ? error : the bin is full . => same .
tray 5 stamps 0 bin 1 ; poem 3 loose signed single ; claim 4 loose unsigned copied ; contract 2 loose signed copied . If I post poem , what will happen ? error : not enough stamps . => same .
tray 4 stamps 3 bin 3 ; bill 1 loose unsigned copied ; contract 6 stapled unsigned copied ; report 3 loose signed single . If I staple contract , what will happen ? the staple is out . => contract 6 loose unsigned copied .
tray 1 stamps 3 bin 0 ; letter gone ; poem 4 loose signed copied ; memo 6 loose unsigned copied . If I sign letter , what will happen ? error : no letter on the desk . => same .
tray 0 stamps 3 bin 4 ; contract gone ; bill 1 loose unsigned copied ; report 6 loose unsigned single . If I post contract , what will happen ? error : no contract on the desk . => same .
tray 6 stamps 3 bin 4 ; report 5 loose unsigned copied ; claim 2 loose signed copied ; letter 4 loose unsigned copied . If I copy claim , what will happen ? nothing changes . => same .
tray 4 stamps 2 bin 4 ; contract 3 stapled unsigned single ; essay 3 loose signed copied ; claim 6 stapled unsigned single . If I shred contract , what will happen ? error : the shredder jams . => same .
tray 5 stamps 1 bin 5 ; letter 2 stapled unsigned copied ; claim 4 loose unsigned copied ; poem 4 loose unsigned single . If I sign claim , what will happen ? claim is signed , the copy is out of date . => claim 4 loose signed single .
tray 6 stamps 3 bin 4 ; essay 4 loose unsigned copied ; memo 2 loose unsigned copied ; report 6 loose unsigned copied . If I copy essay , what will happen ? nothing changes . => same .
tray 4 stamps 3 bin 7 ; report 4 loose unsigned single ; essay 1 loose signed copied ; bill 3 stapled unsigned single . If I shred report , what will happen ? report is lost for ever . => bin - 4 ; report gone .
tray 2 stamps 1 bin 0 ; bill 3 loose signed copied ; letter 6 stapled signed single ; claim 6 stapled signed copied . If I shred bill , what will happen ? error : the bin is full . => same .
tray 4 stamps 1 bin 3 ; report 4 loose signed single ; memo 5 loose signed copied ; contract 1 loose signed single . If I post memo , what will happen ? error : not enough stamps . => same .
tray 0 stamps 2 bin 7 ; claim 6 stapled unsigned copied ; essay 1 loose unsigned single ; bill gone . If I staple bill , what will happen ? error : no bill on the desk . => same .
tray 2 stamps 1 bin 7 ; contract 3 loose unsigned copied ; letter 3 stapled unsigned single ; poem gone . If I shred letter , what will happen ? error : the shredder jams . => same .
tray 1 stamps 3 bin 4 ; report 3 stapled unsigned copied ; letter 5 stapled unsigned copied ; memo 3 loose signed single . If I staple memo , what will happen ? memo is stapled . => memo 3 stapled signed single .
tray 0 stamps 2 bin 0 ; claim 6 stapled signed copied ; bill 5 loose unsigned single ; report 2 loose unsigned copied . If I shred report , what will happen ? error : the bin is full . => same .
tray 1 stamps 0 bin 1 ; report 6 loose unsigned single ; poem 3 loose unsigned single ; contract 1 loose unsigned single . If I post contract , what will happen ? error : not enough stamps . => same .
tray 5 stamps 2 bin 7 ; poem 1 loose unsigned single ; claim 3 loose unsigned single ; letter 4 stapled unsigned copied . If I copy poem , what will happen ? poem is copied . => tray - 1 ; poem 1 loose unsigned copied .
tray 6 stamps 2 bin 1 ; claim 6 stapled unsigned copied ; contract 5 loose unsigned single ; report 3 stapled signed copied . If I sign report , what will happen ? nothing changes . => same .
tray 1 stamps 0 bin 4 ; essay 1 loose signed single ; claim 1 loose unsigned single ; report 1 loose unsigned copied . If I copy report , what will happen ? nothing changes . => same .
tray 0 stamps 2 bin 2 ; bill 4 stapled signed copied ; report 6 loose signed single ; memo 1 loose signed single . If I staple memo , what will happen ? error : one page needs no staple . => same .
tray 5 stamps 3 bin 5 ; poem 1 loose unsigned copied ; contract 2 stapled unsigned copied ; claim gone . If I sign claim , what will happen ? error : no claim on the desk . => same .
tray 3 stamps 2 bin 1 ; claim 6 loose unsigned single ; memo 3 loose unsigned copied ; letter 1 loose signed single . If I shred claim , what will happen ? error : the bin is full . => same .
tray 1 stamps 0 bin 4 ; claim 5 stapled unsigned copied ; letter 1 loose unsigned single ; bill 2 loose unsigned single . If I copy bill , what will happen ? only 1 pages are copied . => tray - 1 .
tray 2 stamps 1 bin 5 ; essay 4 loose unsigned single ; report 3 loose signed copied ; letter 6 loose unsigned copied . If I staple essay , what will happen ? essay is stapled . => essay 4 stapled unsigned single .
tray 1 stamps 0 bin 6 ; claim 1 loose signed copied ; memo 5 stapled signed copied ; contract 2 loose unsigned single . If I sign contract , what will happen ? contract is signed . => contract 2 loose signed single .
tray 6 stamps 2 bin 1 ; poem 3 stapled signed single ; claim 1 loose signed single ; essay 6 loose signed copied . If I sign essay , what will happen ? nothing changes . => same .
tray 0 stamps 0 bin 2 ; contract 5 loose unsigned single ; essay 2 stapled signed copied ; poem 4 loose unsigned copied . If I copy essay , what will happen ? error : essay is stapled . => same .
tray 1 stamps 1 bin 2 ; poem 5 loose unsigned single ; contract 2 stapled unsigned copied ; memo 4 stapled unsigned copied . If I staple contract , what will happen ? the staple is out . => contract 2 loose unsigned copied .
tray 0 stamps 0 bin 5 ; letter 3 stapled unsigned copied ; claim 2 loose unsigned copied ; report 5 loose unsigned copied . If I copy letter , what will happen ? error : letter is stapled . => same .
tray 4 stamps 2 bin 4 ; bill gone ; letter 1 loose signed single ; claim 5 stapled unsigned copied . If I post bill , what will happen ? error : no bill on the desk . => same .
tray 4 stamps 0 bin 0 ; letter 4 loose unsigned single ; poem 5 loose signed copied ; claim 3 loose unsigned single . If I shred poem , what will happen ? error : the bin is full . => same .
tray 5 stamps 3 bin 5 ; contract 4 stapled unsigned copied ; bill 3 stapled signed single ; memo gone . If I sign contract , what will happen ? contract is signed , the copy is out of date . => contract 4 stapled signed single .
tray 0 stamps 1 bin 2 ; claim 6 stapled unsigned copied ; memo 2 loose unsigned copied ; bill 2 stapled signed single . If I shred claim , what will happen ? error : the shredder jams . => same .
tray 5 stamps 0 bin 0 ; contract gone ; report 3 loose signed single ; essay 4 loose unsigned copied . If I copy contract , what will happen ? error : no contract on the desk . => same .
tray 6 stamps 2 bin 2 ; bill 2 loose signed single ; memo 2 loose signed copied ; poem 1 loose signed single . If I staple memo , what will happen ? memo is stapled . => memo 2 stapled signed copied .
tray 5 stamps 0 bin 2 ; memo 6 stapled signed copied ; report 4 stapled signed single ; contract 3 stapled unsigned single . If I post report , what will happen ? error : not enough stamps . => same .
tray 3 stamps 0 bin 3 ; claim gone ; contract 5 loose signed single ; memo 4 stapled signed copied . If I copy claim , what will happen ? error : no claim on the desk . => same .
tray 6 stamps 2 bin 6 ; letter 2 loose unsigned copied ; report 4 stapled signed copied ; essay 3 stapled signed copied . If I post essay , what will happen ? essay is posted , the copy is kept . => stamps - 1 ; essay gone .
tray 3 stamps 3 bin 0 ; memo gone ; contract 4 stapled unsigned copied ; letter 6 loose signed copied . If I post memo , what will happen ? error : no memo on the desk . => same .
tray 1 stamps 1 bin 2 ; report 3 stapled unsigned copied ; poem 6 loose unsigned single ; claim 2 loose signed single . If I staple poem , what will happen ? poem is stapled . => poem 6 stapled unsigned single .
tray 6 stamps 0 bin 4 ; claim 2 loose signed copied ; memo 4 stapled unsigned single ; report 6 loose unsigned single . If I sign report , what will happen ? report is signed . => report 6 loose signed single .
tray 2 stamps 2 bin 6 ; memo 4 loose signed copied ; letter 6 loose unsigned single ; report 4 stapled signed copied . If I shred memo , what will happen ? memo is shredded , the copy is kept . => bin - 4 ; memo gone .
tray 1 stamps 2 bin 4 ; memo 5 loose unsigned copied ; letter 2 stapled signed single ; poem 1 loose signed single . If I sign memo , what will happen ? memo is signed , the copy is out of date . => memo 5 loose signed single .
tray 6 stamps 0 bin 7 ; memo 3 stapled unsigned copied ; claim 4 loose unsigned copied ; poem 5 stapled signed single . If I sign poem , what will happen ? nothing changes . => same .
tray 3 stamps 3 bin 7 ; contract 2 loose unsigned copied ; bill 1 loose signed copied ; letter 1 loose unsigned single . If I staple letter , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 2 bin 7 ; memo gone ; claim 1 loose unsigned copied ; essay 4 stapled signed single . If I staple memo , what will happen ? error : no memo on the desk . => same .
tray 5 stamps 2 bin 6 ; memo 1 loose unsigned single ; essay 5 loose unsigned copied ; letter 5 loose unsigned single . If I copy letter , what will happen ? letter is copied . => tray - 5 ; letter 5 loose unsigned copied .
tray 2 stamps 3 bin 7 ; claim 3 loose unsigned copied ; letter 3 stapled signed single ; bill 1 loose unsigned copied . If I copy claim , what will happen ? nothing changes . => same .
tray 0 stamps 0 bin 5 ; poem gone ; letter 1 loose unsigned copied ; bill gone . If I sign letter , what will happen ? letter is signed , the copy is out of date . => letter 1 loose signed single .
tray 0 stamps 2 bin 7 ; bill 4 loose unsigned copied ; letter 3 loose unsigned copied ; claim 3 stapled signed copied . If I sign claim , what will happen ? nothing changes . => same .
tray 2 stamps 3 bin 6 ; memo 3 loose unsigned single ; poem 1 loose unsigned single ; essay 6 loose signed copied . If I post poem , what will happen ? poem comes back unsigned . => stamps - 1 .
tray 5 stamps 1 bin 6 ; claim 4 loose signed single ; memo 3 loose signed single ; contract 4 stapled signed single . If I sign claim , what will happen ? nothing changes . => same .
tray 2 stamps 3 bin 2 ; report 4 loose signed single ; essay 3 stapled unsigned single ; bill 3 stapled unsigned copied . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 3 stapled signed single .
tray 3 stamps 0 bin 7 ; claim gone ; report 2 loose unsigned single ; poem 3 loose unsigned copied . If I shred claim , what will happen ? error : no claim on the desk . => same .
tray 5 stamps 0 bin 6 ; contract 6 loose signed single ; letter 2 loose unsigned single ; claim 6 loose signed single . If I shred claim , what will happen ? claim is lost for ever . => bin - 6 ; claim gone .
tray 4 stamps 3 bin 1 ; claim 4 stapled signed copied ; bill 6 loose signed single ; essay 5 loose signed copied . If I copy bill , what will happen ? only 4 pages are copied . => tray - 4 .
tray 1 stamps 2 bin 1 ; claim 5 loose signed copied ; bill 3 stapled unsigned copied ; poem 6 stapled signed single . If I staple claim , what will happen ? claim is stapled . => claim 5 stapled signed copied .
tray 0 stamps 2 bin 3 ; poem 5 loose signed copied ; bill 1 loose unsigned copied ; report 1 loose unsigned single . If I copy report , what will happen ? error : the tray is empty . => same .
tray 3 stamps 0 bin 3 ; report 6 stapled unsigned copied ; contract 5 stapled signed single ; claim 1 loose unsigned single . If I staple report , what will happen ? the staple is out . => report 6 loose unsigned copied .
tray 1 stamps 0 bin 5 ; memo 4 stapled signed single ; poem 1 loose signed single ; claim 4 loose unsigned copied . If I copy poem , what will happen ? poem is copied . => tray - 1 ; poem 1 loose signed copied .
tray 2 stamps 0 bin 0 ; bill 1 loose unsigned copied ; poem 1 loose unsigned copied ; letter 6 loose unsigned single . If I post poem , what will happen ? error : not enough stamps . => same .
tray 1 stamps 1 bin 1 ; claim 1 loose unsigned single ; report 5 loose unsigned single ; letter 4 loose unsigned copied . If I shred claim , what will happen ? claim is lost for ever . => bin - 1 ; claim gone .
tray 3 stamps 3 bin 0 ; report 5 loose signed single ; contract 3 stapled unsigned copied ; claim 2 stapled unsigned single . If I shred contract , what will happen ? error : the shredder jams . => same .
tray 4 stamps 0 bin 1 ; claim 1 loose signed single ; report 5 loose signed single ; essay 5 stapled signed copied . If I staple report , what will happen ? report is stapled . => report 5 stapled signed single .
tray 1 stamps 3 bin 5 ; report 6 loose signed copied ; letter 3 loose signed copied ; contract 2 loose signed single . If I copy contract , what will happen ? only 1 pages are copied . => tray - 1 .
tray 3 stamps 3 bin 2 ; report 4 loose unsigned copied ; memo 1 loose signed copied ; claim 1 loose unsigned copied . If I staple report , what will happen ? report is stapled . => report 4 stapled unsigned copied .
tray 0 stamps 3 bin 1 ; claim 6 stapled signed single ; memo 4 loose unsigned single ; letter 5 loose unsigned single . If I post letter , what will happen ? letter comes back unsigned . => stamps - 2 .
tray 5 stamps 2 bin 2 ; contract 6 stapled signed single ; report 4 stapled unsigned copied ; memo 2 stapled unsigned copied . If I post contract , what will happen ? contract is posted , nothing is kept . => stamps - 2 ; contract gone .
tray 1 stamps 3 bin 6 ; claim 6 loose signed copied ; contract 5 loose unsigned single ; report 6 stapled unsigned copied . If I post claim , what will happen ? claim is posted , the copy is kept . => stamps - 2 ; claim gone .
tray 3 stamps 1 bin 3 ; contract 1 loose unsigned copied ; claim 5 loose signed single ; poem gone . If I post poem , what will happen ? error : no poem on the desk . => same .
tray 0 stamps 1 bin 0 ; contract 1 loose signed copied ; bill 5 loose signed copied ; letter 4 loose unsigned single . If I staple contract , what will happen ? error : one page needs no staple . => same .
tray 4 stamps 0 bin 6 ; essay 6 loose signed copied ; report 1 loose signed copied ; contract 2 loose signed copied . If I staple report , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 0 bin 6 ; memo 6 loose signed single ; bill 3 loose unsigned copied ; poem 2 loose unsigned single . If I staple bill , what will happen ? bill is stapled . => bill 3 stapled unsigned copied .
tray 2 stamps 1 bin 6 ; report 4 loose signed copied ; essay gone ; bill 6 loose unsigned copied . If I copy essay , what will happen ? error : no essay on the desk . => same .
tray 6 stamps 0 bin 7 ; memo 2 stapled unsigned single ; claim 3 loose unsigned copied ; essay 1 loose signed single . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 3 ; claim gone .
tray 4 stamps 2 bin 2 ; bill 5 loose unsigned single ; letter 6 loose signed single ; essay 1 loose unsigned single . If I post bill , what will happen ? bill comes back unsigned . => stamps - 2 .
tray 1 stamps 2 bin 7 ; essay 1 loose unsigned copied ; poem gone ; letter 5 stapled unsigned copied . If I staple poem , what will happen ? error : no poem on the desk . => same .
tray 6 stamps 2 bin 2 ; poem 1 loose unsigned copied ; contract 3 loose unsigned copied ; report 6 stapled signed copied . If I copy report , what will happen ? error : report is stapled . => same .
tray 0 stamps 1 bin 0 ; poem 1 loose signed single ; claim 4 loose signed copied ; report 4 loose signed single . If I shred poem , what will happen ? error : the bin is full . => same .
tray 4 stamps 0 bin 4 ; contract 6 loose unsigned single ; claim 1 loose signed single ; letter gone . If I staple letter , what will happen ? error : no letter on the desk . => same .
tray 3 stamps 1 bin 0 ; bill 1 loose signed copied ; essay 6 loose signed copied ; claim gone . If I shred claim , what will happen ? error : no claim on the desk . => same .
tray 3 stamps 3 bin 7 ; letter 3 stapled unsigned copied ; report 1 loose signed copied ; bill 6 stapled unsigned single . If I staple letter , what will happen ? the staple is out . => letter 3 loose unsigned copied .
tray 4 stamps 0 bin 7 ; claim 2 stapled signed single ; memo 4 stapled signed single ; poem 5 stapled signed copied . If I staple memo , what will happen ? the staple is out . => memo 4 loose signed single .
tray 6 stamps 0 bin 2 ; contract 1 loose unsigned copied ; poem 6 loose signed copied ; letter 1 loose unsigned single . If I sign poem , what will happen ? nothing changes . => same .
tray 2 stamps 3 bin 0 ; report 5 loose signed single ; letter 5 loose unsigned single ; bill gone . If I copy letter , what will happen ? only 2 pages are copied . => tray - 2 .
tray 6 stamps 1 bin 4 ; bill 1 loose unsigned single ; report 2 stapled unsigned copied ; essay gone . If I post essay , what will happen ? error : no essay on the desk . => same .
tray 3 stamps 0 bin 3 ; report 1 loose signed copied ; essay 3 stapled unsigned copied ; letter 4 stapled unsigned copied . If I shred report , what will happen ? report is shredded , the copy is kept . => bin - 1 ; report gone .
tray 6 stamps 2 bin 4 ; poem 2 stapled unsigned single ; essay 2 loose unsigned copied ; letter 5 stapled unsigned single . If I copy poem , what will happen ? error : poem is stapled . => same .
tray 0 stamps 3 bin 0 ; report 2 stapled unsigned copied ; letter 5 stapled signed copied ; poem 3 loose signed copied . If I staple report , what will happen ? the staple is out . => report 2 loose unsigned copied .
tray 1 stamps 1 bin 5 ; memo gone ; report 3 stapled signed single ; poem 3 loose signed copied . If I post report , what will happen ? report is posted , nothing is kept . => stamps - 1 ; report gone .
tray 2 stamps 1 bin 7 ; contract gone ; bill 6 loose signed copied ; poem 4 loose unsigned single . If I copy poem , what will happen ? only 2 pages are copied . => tray - 2 .
tray 3 stamps 2 bin 1 ; memo 3 loose unsigned single ; bill 4 loose signed copied ; essay 4 loose signed single . If I staple bill , what will happen ? bill is stapled . => bill 4 stapled signed copied .
tray 3 stamps 2 bin 3 ; essay 5 stapled unsigned single ; bill 1 loose signed single ; poem 6 loose signed single . If I sign essay , what will happen ? essay is signed . => essay 5 stapled signed single .
tray 2 stamps 3 bin 1 ; poem 5 loose signed copied ; contract gone ; memo 2 loose unsigned single . If I staple contract , what will happen ? error : no contract on the desk . => same .
tray 6 stamps 0 bin 6 ; claim 4 loose signed copied ; contract 4 loose unsigned single ; bill 6 loose unsigned single . If I sign contract , what will happen ? contract is signed . => contract 4 loose signed single .
tray 6 stamps 3 bin 0 ; essay 4 stapled unsigned single ; bill 5 stapled unsigned copied ; report 4 stapled signed copied . If I copy essay , what will happen ? error : essay is stapled . => same .
tray 6 stamps 0 bin 2 ; memo 6 loose signed single ; claim 3 stapled unsigned single ; letter 6 stapled signed single . If I post memo , what will happen ? error : not enough stamps . => same .
tray 4 stamps 2 bin 7 ; report 1 loose unsigned single ; letter 1 loose unsigned single ; poem 2 loose unsigned single . If I post report , what will happen ? report comes back unsigned . => stamps - 1 .
tray 1 stamps 2 bin 1 ; letter 4 loose unsigned copied ; memo 5 loose signed single ; claim 2 loose signed single . If I staple claim , what will happen ? claim is stapled . => claim 2 stapled signed single .
tray 6 stamps 0 bin 1 ; letter 6 stapled signed single ; essay 3 loose signed copied ; report 3 stapled signed single . If I shred report , what will happen ? error : the shredder jams . => same .
tray 1 stamps 2 bin 6 ; bill 6 loose unsigned single ; memo 3 loose signed single ; claim 2 stapled signed copied . If I copy memo , what will happen ? only 1 pages are copied . => tray - 1 .
tray 6 stamps 2 bin 3 ; bill gone ; memo 6 stapled signed copied ; contract 1 loose signed single . If I staple contract , what will happen ? error : one page needs no staple . => same .
tray 2 stamps 2 bin 4 ; poem 4 stapled unsigned copied ; essay 5 loose signed copied ; memo 4 loose signed single . If I post essay , what will happen ? essay is posted , the copy is kept . => stamps - 2 ; essay gone .
tray 0 stamps 2 bin 7 ; bill 6 stapled signed copied ; letter 6 loose unsigned single ; poem 3 loose unsigned copied . If I sign bill , what will happen ? nothing changes . => same .
tray 0 stamps 0 bin 1 ; claim 3 loose signed single ; bill 1 loose signed copied ; essay 3 stapled unsigned copied . If I copy essay , what will happen ? error : essay is stapled . => same .
tray 3 stamps 1 bin 4 ; contract 6 loose signed single ; memo 4 stapled unsigned copied ; letter 5 loose signed single . If I shred contract , what will happen ? error : the bin is full . => same .
tray 3 stamps 3 bin 2 ; memo 1 loose signed single ; essay 5 stapled unsigned single ; poem 2 loose signed single . If I shred poem , what will happen ? poem is lost for ever . => bin - 2 ; poem gone .
tray 5 stamps 0 bin 6 ; poem 5 loose unsigned single ; contract 5 loose unsigned single ; claim 1 loose signed copied . If I sign contract , what will happen ? contract is signed . => contract 5 loose signed single .
tray 1 stamps 3 bin 6 ; letter 5 loose unsigned single ; memo 4 loose signed copied ; report 5 loose unsigned copied . If I post memo , what will happen ? memo is posted , the copy is kept . => stamps - 2 ; memo gone .
tray 1 stamps 2 bin 3 ; report 4 loose signed single ; bill 2 loose signed single ; memo 1 loose signed single . If I sign memo , what will happen ? nothing changes . => same .
tray 2 stamps 0 bin 3 ; report 5 loose signed copied ; contract 2 loose signed copied ; memo 2 loose unsigned single . If I shred memo , what will happen ? memo is lost for ever . => bin - 2 ; memo gone .
tray 2 stamps 2 bin 0 ; memo 4 loose unsigned single ; poem 1 loose signed single ; claim 6 stapled signed single . If I post claim , what will happen ? claim is posted , nothing is kept . => stamps - 2 ; claim gone .
tray 3 stamps 3 bin 1 ; memo 3 stapled signed single ; bill 4 stapled unsigned single ; poem 1 loose unsigned copied . If I sign bill , what will happen ? bill is signed . => bill 4 stapled signed single .
tray 1 stamps 2 bin 4 ; claim 4 stapled unsigned single ; letter 4 stapled unsigned single ; bill 2 loose signed single . If I post bill , what will happen ? bill is posted , nothing is kept . => stamps - 1 ; bill gone .
tray 4 stamps 0 bin 5 ; letter 5 loose signed copied ; contract 1 loose unsigned copied ; essay 6 loose unsigned copied . If I shred letter , what will happen ? letter is shredded , the copy is kept . => bin - 5 ; letter gone .
tray 1 stamps 0 bin 6 ; memo 6 loose signed copied ; bill 5 loose signed copied ; claim 2 loose signed copied . If I sign claim , what will happen ? nothing changes . => same .
tray 4 stamps 0 bin 4 ; memo 5 loose unsigned copied ; bill 3 stapled unsigned single ; poem 1 loose unsigned single . If I copy poem , what will happen ? poem is copied . => tray - 1 ; poem 1 loose unsigned copied .
tray 1 stamps 1 bin 7 ; claim 1 loose signed single ; poem 4 loose unsigned single ; letter 4 stapled unsigned copied . If I copy claim , what will happen ? claim is copied . => tray - 1 ; claim 1 loose signed copied .
tray 4 stamps 1 bin 1 ; poem gone ; essay 1 loose unsigned single ; letter 6 loose signed copied . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 0 stamps 2 bin 5 ; letter 4 stapled unsigned single ; memo 2 stapled unsigned copied ; bill 1 loose signed copied . If I sign letter , what will happen ? letter is signed . => letter 4 stapled signed single .
tray 3 stamps 3 bin 1 ; claim 4 loose unsigned copied ; memo 3 loose unsigned single ; report 5 loose signed copied . If I sign claim , what will happen ? claim is signed , the copy is out of date . => claim 4 loose signed single .
tray 2 stamps 3 bin 2 ; essay gone ; contract gone ; poem 2 stapled unsigned single . If I copy contract , what will happen ? error : no contract on the desk . => same .
tray 5 stamps 2 bin 0 ; poem 5 loose unsigned copied ; claim gone ; letter 6 loose signed single . If I sign claim , what will happen ? error : no claim on the desk . => same .
tray 4 stamps 1 bin 5 ; essay 6 stapled signed single ; memo 5 loose unsigned single ; report 2 stapled unsigned copied . If I copy memo , what will happen ? only 4 pages are copied . => tray - 4 .
tray 6 stamps 3 bin 3 ; bill 1 loose unsigned single ; poem gone ; memo 5 loose signed single . If I shred bill , what will happen ? bill is lost for ever . => bin - 1 ; bill gone .
tray 1 stamps 0 bin 5 ; essay 6 loose unsigned single ; claim 2 loose unsigned single ; report 6 stapled signed single . If I staple report , what will happen ? the staple is out . => report 6 loose signed single .
tray 4 stamps 2 bin 1 ; report 2 loose signed copied ; bill gone ; memo 6 stapled unsigned single . If I post memo , what will happen ? memo comes back unsigned . => stamps - 2 .
tray 1 stamps 2 bin 5 ; claim gone ; letter 5 loose signed copied ; poem 5 loose signed copied . If I staple claim , what will happen ? error : no claim on the desk . => same .
tray 2 stamps 1 bin 5 ; claim 5 stapled signed single ; essay 4 loose signed single ; memo 5 loose unsigned single . If I staple essay , what will happen ? essay is stapled . => essay 4 stapled signed single .
tray 6 stamps 3 bin 4 ; contract 4 loose unsigned copied ; claim 5 stapled signed single ; poem 5 loose unsigned copied . If I copy poem , what will happen ? nothing changes . => same .
tray 0 stamps 0 bin 0 ; poem 6 stapled unsigned copied ; report 1 loose unsigned copied ; bill 6 loose signed single . If I copy bill , what will happen ? error : the tray is empty . => same .
tray 6 stamps 0 bin 5 ; report 4 loose unsigned copied ; poem 3 loose signed single ; essay gone . If I staple essay , what will happen ? error : no essay on the desk . => same .
tray 3 stamps 3 bin 3 ; report 6 stapled signed copied ; claim 2 stapled unsigned copied ; essay 2 loose signed copied . If I staple report , what will happen ? the staple is out . => report 6 loose signed copied .
tray 2 stamps 1 bin 6 ; poem gone ; memo 2 loose signed single ; contract 4 stapled signed copied . If I shred poem , what will happen ? error : no poem on the desk . => same .
tray 3 stamps 1 bin 7 ; essay 1 loose unsigned single ; contract 6 loose unsigned copied ; claim 4 loose signed single . If I staple contract , what will happen ? contract is stapled . => contract 6 stapled unsigned copied .
tray 6 stamps 0 bin 2 ; memo 6 loose signed copied ; letter 3 stapled signed copied ; bill 4 loose unsigned copied . If I copy letter , what will happen ? error : letter is stapled . => same .
tray 1 stamps 0 bin 1 ; essay 1 loose signed copied ; contract 2 loose unsigned copied ; claim 4 stapled signed single . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 1 stamps 2 bin 3 ; letter 1 loose unsigned copied ; poem 1 loose signed copied ; report 1 loose signed single . If I staple poem , what will happen ? error : one page needs no staple . => same .
tray 6 stamps 3 bin 4 ; contract 3 loose signed copied ; letter 1 loose signed copied ; memo gone . If I sign letter , what will happen ? nothing changes . => same .
tray 1 stamps 3 bin 1 ; contract 4 loose unsigned single ; report 1 loose signed single ; memo gone . If I shred report , what will happen ? report is lost for ever . => bin - 1 ; report gone .
tray 3 stamps 2 bin 2 ; letter 2 stapled unsigned single ; poem 5 loose unsigned copied ; essay gone . If I post poem , what will happen ? poem comes back unsigned . => stamps - 2 .
tray 5 stamps 3 bin 2 ; claim 4 loose unsigned copied ; contract 1 loose unsigned single ; bill 5 loose unsigned copied . If I sign contract , what will happen ? contract is signed . => contract 1 loose signed single .
tray 4 stamps 0 bin 5 ; report 1 loose signed single ; claim 4 loose signed single ; essay 6 loose signed copied . If I staple report , what will happen ? error : one page needs no staple . => same .
tray 2 stamps 0 bin 6 ; contract 6 stapled signed single ; claim gone ; memo 1 loose unsigned copied . If I shred contract , what will happen ? error : the shredder jams . => same .
tray 0 stamps 0 bin 7 ; memo 6 stapled unsigned single ; poem gone ; contract 6 loose signed single . If I staple poem , what will happen ? error : no poem on the desk . => same .
tray 4 stamps 2 bin 4 ; essay 5 stapled signed single ; letter 6 stapled signed copied ; poem gone . If I post essay , what will happen ? essay is posted , nothing is kept . => stamps - 2 ; essay gone .
tray 0 stamps 1 bin 0 ; poem 2 loose unsigned copied ; letter 2 loose signed single ; memo 4 stapled signed single . If I copy letter , what will happen ? error : the tray is empty . => same .
tray 1 stamps 1 bin 5 ; claim 6 loose unsigned copied ; report 6 loose signed copied ; memo 6 stapled signed copied . If I post memo , what will happen ? error : not enough stamps . => same .
tray 0 stamps 0 bin 1 ; poem 3 stapled signed single ; claim 5 stapled signed single ; bill 1 loose unsigned copied . If I post claim , what will happen ? error : not enough stamps . => same .
tray 3 stamps 3 bin 0 ; letter 3 loose unsigned single ; essay 3 loose signed copied ; memo 5 stapled unsigned copied . If I copy essay , what will happen ? nothing changes . => same .
tray 4 stamps 2 bin 0 ; bill 5 loose unsigned copied ; memo 1 loose signed copied ; letter 1 loose unsigned single . If I copy memo , what will happen ? nothing changes . => same .
tray 0 stamps 3 bin 5 ; contract 3 loose signed single ; poem 4 loose signed single ; claim 3 stapled unsigned single . If I copy contract , what will happen ? error : the tray is empty . => same .
tray 3 stamps 3 bin 7 ; poem 4 loose unsigned single ; letter 5 stapled signed copied ; essay 6 stapled signed copied . If I post essay , what will happen ? essay is posted , the copy is kept . => stamps - 2 ; essay gone .
tray 6 stamps 1 bin 1 ; claim 3 loose signed single ; letter 2 stapled unsigned single ; bill 5 stapled signed single . If I staple letter , what will happen ? the staple is out . => letter 2 loose unsigned single .
tray 3 stamps 3 bin 7 ; poem 4 stapled unsigned copied ; bill 4 loose unsigned copied ; claim 2 loose unsigned single . If I copy claim , what will happen ? claim is copied . => tray - 2 ; claim 2 loose unsigned copied .
tray 6 stamps 0 bin 3 ; essay 1 loose unsigned copied ; report 5 stapled signed single ; bill 5 loose signed copied . If I shred essay , what will happen ? essay is shredded , the copy is kept . => bin - 1 ; essay gone .
tray 0 stamps 2 bin 1 ; letter 2 stapled unsigned copied ; claim gone ; contract 4 stapled signed copied . If I post claim , what will happen ? error : no claim on the desk . => same .
tray 5 stamps 0 bin 0 ; claim 3 stapled unsigned copied ; report 2 stapled signed single ; poem 3 loose signed copied . If I staple report , what will happen ? the staple is out . => report 2 loose signed single .
tray 0 stamps 3 bin 7 ; letter 3 loose signed copied ; memo 1 loose unsigned single ; essay gone . If I staple essay , what will happen ? error : no essay on the desk . => same .
tray 0 stamps 3 bin 3 ; claim 2 loose signed single ; contract 4 stapled signed single ; essay 1 loose signed single . If I copy claim , what will happen ? error : the tray is empty . => same .
tray 1 stamps 1 bin 4 ; bill 4 stapled unsigned single ; claim 1 loose signed single ; memo 2 loose unsigned copied . If I staple bill , what will happen ? the staple is out . => bill 4 loose unsigned single .
tray 0 stamps 2 bin 0 ; essay 1 loose signed single ; contract gone ; bill 6 loose unsigned copied . If I shred contract , what will happen ? error : no contract on the desk . => same .
tray 4 stamps 3 bin 6 ; contract 6 stapled unsigned single ; report 5 loose signed copied ; poem 1 loose unsigned copied . If I post report , what will happen ? report is posted , the copy is kept . => stamps - 2 ; report gone .
tray 4 stamps 2 bin 1 ; poem 2 loose signed single ; report gone ; claim 3 loose unsigned single . If I post claim , what will happen ? claim comes back unsigned . => stamps - 1 .
tray 3 stamps 2 bin 5 ; contract 1 loose signed single ; poem gone ; letter 4 loose unsigned copied . If I post letter , what will happen ? letter comes back unsigned . => stamps - 2 .
tray 6 stamps 0 bin 5 ; memo 5 loose unsigned copied ; letter 6 loose unsigned copied ; claim 4 stapled signed single . If I staple claim , what will happen ? the staple is out . => claim 4 loose signed single .
tray 5 stamps 3 bin 4 ; claim 4 loose unsigned single ; poem 4 loose unsigned copied ; memo 2 loose signed copied . If I copy claim , what will happen ? claim is copied . => tray - 4 ; claim 4 loose unsigned copied .
tray 1 stamps 2 bin 5 ; claim 1 loose unsigned single ; memo gone ; contract 1 loose signed single . If I staple contract , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 3 bin 7 ; bill 3 loose unsigned single ; letter 2 loose signed copied ; contract gone . If I copy bill , what will happen ? bill is copied . => tray - 3 ; bill 3 loose unsigned copied .
tray 0 stamps 0 bin 3 ; contract 1 loose unsigned copied ; claim 1 loose signed single ; memo 1 loose signed copied . If I shred contract , what will happen ? contract is shredded , the copy is kept . => bin - 1 ; contract gone .
tray 0 stamps 3 bin 0 ; bill 6 stapled signed single ; poem 5 loose unsigned copied ; contract 4 stapled unsigned copied . If I shred poem , what will happen ? error : the bin is full . => same .
tray 0 stamps 1 bin 1 ; report 1 loose signed copied ; essay 3 stapled unsigned copied ; claim 1 loose signed single . If I shred claim , what will happen ? claim is lost for ever . => bin - 1 ; claim gone .
tray 0 stamps 3 bin 2 ; letter 3 stapled unsigned single ; report 5 stapled signed copied ; bill 5 stapled signed single . If I copy report , what will happen ? error : report is stapled . => same .
tray 0 stamps 3 bin 5 ; report 6 loose unsigned copied ; poem 4 stapled unsigned copied ; claim gone . If I staple claim , what will happen ? error : no claim on the desk . => same .
tray 3 stamps 2 bin 0 ; report gone ; contract 2 loose signed single ; memo gone . If I post memo , what will happen ? error : no memo on the desk . => same .
tray 2 stamps 2 bin 0 ; claim 2 loose unsigned single ; essay 2 stapled signed copied ; letter 3 loose signed single . If I post letter , what will happen ? letter is posted , nothing is kept . => stamps - 1 ; letter gone .
tray 4 stamps 0 bin 4 ; claim 2 loose signed copied ; bill gone ; memo 1 loose signed copied . If I copy bill , what will happen ? error : no bill on the desk . => same .
tray 2 stamps 1 bin 3 ; essay 3 loose signed single ; poem 2 loose signed copied ; letter 3 stapled unsigned single . If I staple essay , what will happen ? essay is stapled . => essay 3 stapled signed single .
tray 1 stamps 1 bin 5 ; contract 1 loose signed single ; report 6 loose signed single ; essay 4 stapled signed single . If I copy report , what will happen ? only 1 pages are copied . => tray - 1 .
tray 2 stamps 1 bin 6 ; letter 1 loose signed single ; claim 2 loose signed single ; poem 6 loose signed copied . If I sign poem , what will happen ? nothing changes . => same .
tray 5 stamps 2 bin 4 ; claim 3 loose unsigned single ; report 1 loose signed copied ; bill 1 loose signed single . If I post report , what will happen ? report is posted , the copy is kept . => stamps - 1 ; report gone .
tray 2 stamps 3 bin 6 ; essay 1 loose signed copied ; contract 1 loose signed single ; claim 5 stapled unsigned copied . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 1 stamps 1 bin 2 ; contract 5 stapled unsigned single ; poem 5 loose signed single ; memo gone . If I post memo , what will happen ? error : no memo on the desk . => same .
tray 5 stamps 2 bin 3 ; essay 3 stapled signed copied ; memo 2 loose signed single ; bill 4 loose unsigned copied . If I sign essay , what will happen ? nothing changes . => same .
tray 5 stamps 1 bin 1 ; essay 3 stapled signed single ; letter 6 loose unsigned single ; memo 2 stapled unsigned single . If I sign letter , what will happen ? letter is signed . => letter 6 loose signed single .
tray 4 stamps 0 bin 1 ; poem gone ; memo 1 loose unsigned single ; letter 6 loose unsigned single . If I sign poem , what will happen ? error : no poem on the desk . => same .
tray 6 stamps 3 bin 1 ; essay gone ; claim 1 loose signed single ; bill 6 stapled unsigned single . If I post essay , what will happen ? error : no essay on the desk . => same .
tray 4 stamps 3 bin 7 ; essay 6 loose signed single ; letter 6 stapled signed copied ; poem 6 loose signed copied . If I sign poem , what will happen ? nothing changes . => same .
tray 6 stamps 3 bin 7 ; report gone ; letter 6 loose signed copied ; essay 4 stapled signed single . If I post report , what will happen ? error : no report on the desk . => same .
tray 4 stamps 3 bin 0 ; poem 6 loose unsigned single ; bill 6 loose signed single ; report 5 loose unsigned single . If I shred report , what will happen ? error : the bin is full . => same .
tray 2 stamps 3 bin 5 ; claim 1 loose unsigned copied ; memo 3 stapled signed copied ; bill gone . If I post bill , what will happen ? error : no bill on the desk . => same .
tray 6 stamps 0 bin 4 ; claim 4 loose unsigned copied ; letter gone ; essay 5 stapled unsigned copied . If I shred letter , what will happen ? error : no letter on the desk . => same .
tray 4 stamps 3 bin 6 ; essay 6 stapled signed copied ; claim gone ; report 2 stapled signed copied . If I sign claim , what will happen ? error : no claim on the desk . => same .
tray 1 stamps 0 bin 3 ; contract gone ; claim gone ; poem 5 stapled unsigned single . If I copy poem , what will happen ? error : poem is stapled . => same .
tray 0 stamps 3 bin 7 ; contract gone ; poem 5 loose signed single ; bill 2 loose signed single . If I copy contract , what will happen ? error : no contract on the desk . => same .
tray 1 stamps 1 bin 0 ; bill 6 loose unsigned single ; letter 2 loose unsigned copied ; poem gone . If I staple letter , what will happen ? letter is stapled . => letter 2 stapled unsigned copied .
tray 6 stamps 1 bin 3 ; letter 1 loose unsigned single ; poem 6 stapled signed single ; memo gone . If I sign memo , what will happen ? error : no memo on the desk . => same .
tray 2 stamps 2 bin 3 ; claim 4 loose signed single ; memo 1 loose signed copied ; essay 2 loose unsigned single . If I post memo , what will happen ? memo is posted , the copy is kept . => stamps - 1 ; memo gone .
tray 6 stamps 2 bin 1 ; report 1 loose unsigned copied ; letter 2 stapled unsigned copied ; essay 3 loose signed copied . If I staple report , what will happen ? error : one page needs no staple . => same .
tray 1 stamps 0 bin 2 ; bill 6 stapled signed single ; letter 5 loose unsigned single ; report 1 loose unsigned copied . If I post bill , what will happen ? error : not enough stamps . => same .
tray 0 stamps 0 bin 1 ; essay 1 loose unsigned single ; claim 1 loose signed single ; letter 1 loose signed copied . If I copy claim , what will happen ? error : the tray is empty . => same .
tray 5 stamps 2 bin 2 ; bill 5 loose signed copied ; essay 2 loose signed single ; memo 2 stapled unsigned single . If I post essay , what will happen ? essay is posted , nothing is kept . => stamps - 1 ; essay gone .
tray 2 stamps 1 bin 1 ; poem 3 loose unsigned copied ; letter 3 loose unsigned copied ; claim 5 stapled unsigned copied . If I sign claim , what will happen ? claim is signed , the copy is out of date . => claim 5 stapled signed single .
tray 6 stamps 0 bin 6 ; contract 6 loose signed copied ; claim gone ; poem 4 stapled unsigned copied . If I shred poem , what will happen ? error : the shredder jams . => same .
tray 1 stamps 2 bin 7 ; memo 1 loose unsigned single ; report 2 loose signed single ; essay 2 loose signed copied . If I shred memo , what will happen ? memo is lost for ever . => bin - 1 ; memo gone .
tray 6 stamps 2 bin 5 ; essay 4 loose unsigned copied ; memo 2 stapled unsigned single ; contract 1 loose signed single . If I post contract , what will happen ? contract is posted , nothing is kept . => stamps - 1 ; contract gone .
tray 1 stamps 1 bin 2 ; memo 5 loose unsigned single ; poem 3 loose signed single ; contract 6 loose unsigned copied . If I copy memo , what will happen ? only 1 pages are copied . => tray - 1 .
tray 4 stamps 0 bin 7 ; report 5 loose unsigned copied ; poem 2 loose signed copied ; essay 3 loose signed single . If I copy poem , what will happen ? nothing changes . => same .
tray 1 stamps 3 bin 1 ; report 2 loose signed copied ; poem 1 loose unsigned single ; claim 2 stapled signed single . If I copy report , what will happen ? nothing changes . => same .
tray 1 stamps 0 bin 5 ; letter gone ; essay 1 loose unsigned single ; contract 6 stapled signed copied . If I sign letter , what will happen ? error : no letter on the desk . => same .
tray 2 stamps 0 bin 7 ; memo 5 stapled signed single ; contract 5 loose signed single ; bill 1 loose signed single . If I shred memo , what will happen ? error : the shredder jams . => same .
tray 3 stamps 2 bin 0 ; report 3 stapled signed copied ; contract 6 loose unsigned single ; poem 6 loose signed copied . If I shred contract , what will happen ? error : the bin is full . => same .
tray 3 stamps 1 bin 0 ; contract 4 stapled unsigned copied ; letter 4 loose unsigned single ; essay 3 loose unsigned single . If I shred letter , what will happen ? error : the bin is full . => same .
tray 0 stamps 0 bin 1 ; poem 5 loose unsigned single ; claim 1 loose unsigned copied ; essay 4 loose signed copied . If I copy claim , what will happen ? nothing changes . => same .
tray 3 stamps 3 bin 6 ; contract 3 stapled signed single ; bill 2 stapled signed single ; poem 3 loose signed single . If I staple poem , what will happen ? poem is stapled . => poem 3 stapled signed single .
tray 3 stamps 3 bin 3 ; letter 3 loose unsigned copied ; bill 1 loose unsigned copied ; contract 6 stapled unsigned single . If I staple bill , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 1 bin 5 ; memo 4 loose unsigned copied ; bill 4 loose unsigned single ; letter 2 loose unsigned single . If I shred memo , what will happen ? memo is shredded , the copy is kept . => bin - 4 ; memo gone .
tray 1 stamps 0 bin 7 ; essay 3 loose unsigned single ; contract 2 loose signed copied ; bill 5 loose unsigned copied . If I shred bill , what will happen ? bill is shredded , the copy is kept . => bin - 5 ; bill gone .
tray 4 stamps 2 bin 2 ; essay gone ; claim 5 stapled signed copied ; letter gone . If I copy letter , what will happen ? error : no letter on the desk . => same .
tray 0 stamps 0 bin 1 ; letter 2 stapled signed single ; bill 6 stapled unsigned copied ; report 5 stapled unsigned single . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 6 stapled signed single .
tray 5 stamps 1 bin 5 ; essay 4 loose unsigned copied ; bill 3 loose unsigned single ; report 6 loose signed copied . If I staple report , what will happen ? report is stapled . => report 6 stapled signed copied .
tray 1 stamps 3 bin 4 ; report 3 stapled unsigned single ; poem 6 stapled signed copied ; letter 2 stapled unsigned single . If I copy poem , what will happen ? error : poem is stapled . => same .
tray 2 stamps 2 bin 7 ; letter 3 loose signed single ; report gone ; memo 3 stapled signed single . If I sign report , what will happen ? error : no report on the desk . => same .
tray 0 stamps 0 bin 3 ; claim 3 loose unsigned single ; memo gone ; report 4 loose signed copied . If I staple memo , what will happen ? error : no memo on the desk . => same .
tray 1 stamps 2 bin 1 ; bill 5 loose signed single ; claim 1 loose signed copied ; report 5 loose signed single . If I copy report , what will happen ? only 1 pages are copied . => tray - 1 .
tray 5 stamps 0 bin 7 ; memo 1 loose unsigned single ; essay 4 loose unsigned single ; bill 3 stapled signed copied . If I post essay , what will happen ? error : not enough stamps . => same .
tray 5 stamps 1 bin 4 ; letter 4 loose signed copied ; essay 4 stapled signed single ; poem 1 loose unsigned single . If I shred poem , what will happen ? poem is lost for ever . => bin - 1 ; poem gone .
tray 1 stamps 1 bin 6 ; memo 1 loose unsigned single ; bill 6 loose unsigned single ; report 6 stapled signed single . If I copy bill , what will happen ? only 1 pages are copied . => tray - 1 .
tray 3 stamps 1 bin 7 ; report 1 loose signed single ; bill 5 loose unsigned copied ; memo 3 loose signed single . If I copy bill , what will happen ? nothing changes . => same .
tray 0 stamps 2 bin 5 ; contract gone ; essay 3 stapled unsigned single ; report 6 loose signed copied . If I staple report , what will happen ? report is stapled . => report 6 stapled signed copied .
tray 3 stamps 0 bin 2 ; letter 3 loose unsigned single ; poem 2 loose signed copied ; essay 3 loose unsigned single . If I post essay , what will happen ? error : not enough stamps . => same .
tray 5 stamps 3 bin 4 ; letter 6 stapled unsigned copied ; contract 2 loose unsigned single ; report 3 loose signed copied . If I post contract , what will happen ? contract comes back unsigned . => stamps - 1 .
tray 2 stamps 0 bin 2 ; memo gone ; report gone ; contract 2 loose signed single . If I sign memo , what will happen ? error : no memo on the desk . => same .
tray 2 stamps 3 bin 1 ; claim gone ; letter 6 loose signed copied ; contract 1 loose signed copied . If I staple claim , what will happen ? error : no claim on the desk . => same .
tray 2 stamps 3 bin 0 ; contract 4 stapled unsigned single ; memo 2 loose signed copied ; report 6 loose unsigned copied . If I post report , what will happen ? report comes back unsigned . => stamps - 2 .
tray 1 stamps 1 bin 4 ; letter 2 loose unsigned copied ; memo 4 stapled unsigned single ; contract 3 stapled unsigned copied . If I staple memo , what will happen ? the staple is out . => memo 4 loose unsigned single .
tray 1 stamps 1 bin 5 ; report gone ; essay 4 stapled unsigned single ; claim 5 stapled signed copied . If I copy claim , what will happen ? error : claim is stapled . => same .
tray 4 stamps 3 bin 6 ; contract 4 stapled signed single ; poem gone ; essay 1 loose unsigned single . If I shred poem , what will happen ? error : no poem on the desk . => same .
tray 2 stamps 1 bin 6 ; essay 2 loose signed single ; poem 1 loose signed copied ; letter 3 loose signed single . If I post essay , what will happen ? essay is posted , nothing is kept . => stamps - 1 ; essay gone .
tray 6 stamps 0 bin 4 ; memo 4 stapled unsigned single ; letter 2 loose unsigned copied ; poem gone . If I copy poem , what will happen ? error : no poem on the desk . => same .
tray 4 stamps 3 bin 6 ; poem 3 loose unsigned single ; bill 4 loose unsigned single ; letter 3 stapled unsigned copied . If I copy letter , what will happen ? error : letter is stapled . => same .
tray 0 stamps 1 bin 2 ; bill 6 loose unsigned single ; poem 6 loose signed single ; letter 5 stapled unsigned single . If I sign letter , what will happen ? letter is signed . => letter 5 stapled signed single .
tray 4 stamps 2 bin 0 ; poem 2 stapled signed single ; letter 1 loose signed copied ; essay 6 loose unsigned single . If I staple letter , what will happen ? error : one page needs no staple . => same .
tray 6 stamps 0 bin 2 ; contract 2 loose unsigned single ; claim 4 loose unsigned single ; bill 1 loose signed single . If I staple claim , what will happen ? claim is stapled . => claim 4 stapled unsigned single .
tray 5 stamps 3 bin 6 ; bill 4 stapled signed copied ; letter 1 loose signed single ; memo 1 loose signed copied . If I post letter , what will happen ? letter is posted , nothing is kept . => stamps - 1 ; letter gone .
tray 3 stamps 2 bin 4 ; letter 5 loose signed single ; report 3 stapled signed copied ; memo 6 stapled unsigned single . If I staple report , what will happen ? the staple is out . => report 3 loose signed copied .
tray 0 stamps 3 bin 1 ; bill gone ; claim 4 loose signed copied ; report 5 loose signed copied . If I sign bill , what will happen ? error : no bill on the desk . => same .
tray 1 stamps 1 bin 5 ; contract 3 loose unsigned single ; memo 6 stapled signed copied ; claim 1 loose unsigned single . If I staple claim , what will happen ? error : one page needs no staple . => same .
tray 3 stamps 0 bin 7 ; contract 2 loose signed single ; poem 3 loose signed copied ; claim 5 loose unsigned single . If I shred claim , what will happen ? claim is lost for ever . => bin - 5 ; claim gone .
tray 1 stamps 0 bin 1 ; report gone ; letter 5 loose signed single ; bill 5 stapled signed single . If I shred report , what will happen ? error : no report on the desk . => same .
tray 6 stamps 1 bin 1 ; bill 5 loose unsigned copied ; claim 2 loose signed single ; contract 2 stapled signed single . If I shred claim , what will happen ? error : the bin is full . => same .
tray 2 stamps 2 bin 7 ; poem 2 loose signed single ; letter gone ; bill 2 loose unsigned single . If I copy poem , what will happen ? poem is copied . => tray - 2 ; poem 2 loose signed copied .
tray 2 stamps 2 bin 6 ; bill 2 loose unsigned copied ; memo 1 loose unsigned copied ; poem 5 stapled unsigned copied . If I staple poem , what will happen ? the staple is out . => poem 5 loose unsigned copied .
tray 2 stamps 1 bin 6 ; bill 5 stapled signed single ; essay 3 stapled signed single ; poem 3 loose unsigned single . If I sign essay , what will happen ? nothing changes . => same .
tray 5 stamps 3 bin 5 ; claim 2 loose unsigned single ; essay 6 loose unsigned single ; poem 6 loose signed single . If I post claim , what will happen ? claim comes back unsigned . => stamps - 1 .
tray 4 stamps 1 bin 7 ; poem 5 loose unsigned copied ; memo 3 loose signed single ; contract 5 stapled signed single . If I sign memo , what will happen ? nothing changes . => same .
tray 1 stamps 3 bin 3 ; memo 2 loose unsigned single ; bill 5 loose unsigned single ; contract 1 loose unsigned copied . If I copy memo , what will happen ? only 1 pages are copied . => tray - 1 .
tray 4 stamps 3 bin 0 ; contract 3 loose signed copied ; report 4 stapled unsigned single ; bill gone . If I shred contract , what will happen ? error : the bin is full . => same .
tray 5 stamps 3 bin 4 ; report 5 loose signed copied ; bill 4 loose signed single ; memo 3 stapled signed copied . If I sign report , what will happen ? nothing changes . => same .
tray 1 stamps 2 bin 4 ; claim 2 stapled signed copied ; contract 1 loose signed copied ; memo 4 stapled signed copied . If I sign contract , what will happen ? nothing changes . => same .
tray 0 stamps 3 bin 5 ; essay 4 loose unsigned single ; bill 5 loose signed single ; memo 6 loose unsigned copied . If I copy bill , what will happen ? error : the tray is empty . => same .
tray 1 stamps 1 bin 2 ; claim 3 loose signed single ; report 3 stapled signed single ; memo 5 stapled unsigned copied . If I copy memo , what will happen ? error : memo is stapled . => same .
tray 0 stamps 1 bin 2 ; report 1 loose signed copied ; letter 3 loose signed single ; claim 1 loose unsigned single . If I post letter , what will happen ? letter is posted , nothing is kept . => stamps - 1 ; letter gone .
tray 2 stamps 3 bin 7 ; contract 3 loose signed single ; memo 4 stapled unsigned copied ; essay 4 stapled signed copied . If I sign memo , what will happen ? memo is signed , the copy is out of date . => memo 4 stapled signed single .
tray 1 stamps 1 bin 6 ; essay 5 stapled unsigned single ; letter 4 loose unsigned single ; claim gone . If I post claim , what will happen ? error : no claim on the desk . => same .
tray 0 stamps 3 bin 7 ; claim 5 stapled signed single ; memo 5 loose unsigned copied ; poem gone . If I staple claim , what will happen ? the staple is out . => claim 5 loose signed single .
tray 2 stamps 0 bin 1 ; memo 1 loose signed single ; essay 1 loose unsigned single ; claim 4 stapled unsigned single . If I shred claim , what will happen ? error : the shredder jams . => same .
tray 6 stamps 1 bin 6 ; poem 2 loose unsigned single ; claim gone ; report 3 stapled unsigned copied . If I shred poem , what will happen ? poem is lost for ever . => bin - 2 ; poem gone .
tray 3 stamps 2 bin 6 ; bill 1 loose unsigned copied ; report 3 stapled signed single ; claim 1 loose unsigned copied . If I shred report , what will happen ? error : the shredder jams . => same .
tray 3 stamps 0 bin 4 ; essay 5 loose unsigned copied ; contract 4 stapled unsigned copied ; claim 1 loose signed single . If I post essay , what will happen ? error : not enough stamps . => same .
tray 3 stamps 3 bin 0 ; claim 5 loose unsigned single ; contract 4 stapled signed single ; poem 2 loose signed copied . If I copy contract , what will happen ? error : contract is stapled . => same .
tray 0 stamps 2 bin 2 ; poem 1 loose signed single ; memo 4 loose signed single ; essay 4 stapled signed copied . If I staple poem , what will happen ? error : one page needs no staple . => same .
tray 2 stamps 0 bin 2 ; report 4 stapled signed single ; letter 6 stapled unsigned single ; contract 5 loose unsigned copied . If I sign contract , what will happen ? contract is signed , the copy is out of date . => contract 5 loose signed single .
tray 6 stamps 2 bin 7 ; essay 5 loose signed single ; report 5 stapled unsigned single ; bill 6 loose unsigned copied . If I sign report , what will happen ? report is signed . => report 5 stapled signed single .
tray 1 stamps 1 bin 4 ; essay 4 stapled signed single ; poem 6 stapled signed copied ; contract 5 loose signed single . If I shred poem , what will happen ? error : the shredder jams . => same .
tray 4 stamps 0 bin 3 ; report 3 stapled unsigned copied ; contract gone ; memo 2 loose signed copied . If I sign report , what will happen ? report is signed , the copy is out of date . => report 3 stapled signed single .
tray 1 stamps 1 bin 5 ; report 2 loose unsigned copied ; essay 4 loose signed copied ; poem 3 stapled signed single . If I shred report , what will happen ? report is shredded , the copy is kept . => bin - 2 ; report gone .
tray 0 stamps 0 bin 1 ; contract 3 loose unsigned copied ; poem 1 loose unsigned single ; letter 4 loose signed copied . If I copy poem , what will happen ? error : the tray is empty . => same .
tray 5 stamps 1 bin 7 ; letter 5 loose unsigned single ; report 3 loose unsigned copied ; claim 4 loose unsigned copied . If I shred report , what will happen ? report is shredded , the copy is kept . => bin - 3 ; report gone .
tray 3 stamps 1 bin 6 ; bill gone ; claim 4 loose signed copied ; letter 5 loose signed single . If I shred letter , what will happen ? letter is lost for ever . => bin - 5 ; letter gone .
tray 6 stamps 0 bin 7 ; letter gone ; memo 3 stapled signed single ; essay 4 loose unsigned single . If I shred memo , what will happen ? error : the shredder jams . => same .
tray 3 stamps 1 bin 7 ; claim 4 loose unsigned single ; letter 5 stapled signed copied ; report 2 loose unsigned single . If I shred letter , what will happen ? error : the shredder jams . => same .
tray 1 stamps 3 bin 3 ; bill 3 stapled signed single ; report 2 stapled unsigned single ; letter 5 stapled signed copied . If I post letter , what will happen ? letter is posted , the copy is kept . => stamps - 2 ; letter gone .
tray 0 stamps 1 bin 1 ; claim 1 loose unsigned single ; report 2 loose signed single ; essay 3 loose unsigned single . If I copy report , what will happen ? error : the tray is empty . => same .
tray 0 stamps 2 bin 0 ; letter 2 stapled signed copied ; memo 6 loose unsigned single ; essay 5 loose signed copied . If I shred memo , what will happen ? error : the bin is full . => same .
tray 6 stamps 3 bin 6 ; bill 1 loose signed single ; claim 4 loose signed copied ; contract 6 loose signed copied . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 4 ; claim gone .
tray 0 stamps 2 bin 3 ; report 2 loose unsigned single ; essay 2 loose signed copied ; poem 1 loose unsigned single . If I sign report , what will happen ? report is signed . => report 2 loose signed single .
tray 0 stamps 2 bin 7 ; bill 1 loose unsigned copied ; memo 6 stapled unsigned copied ; report 1 loose unsigned single . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 1 loose signed single .
tray 5 stamps 0 bin 0 ; contract 2 stapled unsigned copied ; bill 5 stapled unsigned copied ; memo 2 stapled unsigned single . If I staple bill , what will happen ? the staple is out . => bill 5 loose unsigned copied .
tray 0 stamps 1 bin 2 ; poem 1 loose signed copied ; bill 6 stapled unsigned single ; letter 6 loose unsigned copied . If I staple letter , what will happen ? letter is stapled . => letter 6 stapled unsigned copied .
tray 5 stamps 2 bin 5 ; letter 4 stapled signed copied ; claim 6 stapled unsigned copied ; report 1 loose unsigned copied . If I sign claim , what will happen ? claim is signed , the copy is out of date . => claim 6 stapled signed single .
tray 5 stamps 0 bin 7 ; poem 2 loose signed copied ; letter 5 loose unsigned single ; bill gone . If I post bill , what will happen ? error : no bill on the desk . => same .
tray 0 stamps 0 bin 1 ; letter 2 loose signed copied ; poem gone ; memo gone . If I copy poem , what will happen ? error : no poem on the desk . => same .
tray 6 stamps 2 bin 4 ; essay 6 loose unsigned copied ; bill gone ; memo 5 stapled signed single . If I sign bill , what will happen ? error : no bill on the desk . => same .
tray 1 stamps 0 bin 0 ; contract 4 loose unsigned single ; report 6 loose signed copied ; letter 4 stapled unsigned copied . If I post report , what will happen ? error : not enough stamps . => same .
tray 2 stamps 2 bin 7 ; memo 5 stapled unsigned copied ; letter 3 loose unsigned copied ; claim 1 loose unsigned single . If I sign memo , what will happen ? memo is signed , the copy is out of date . => memo 5 stapled signed single .
tray 6 stamps 3 bin 1 ; report 2 stapled unsigned single ; poem 1 loose signed single ; claim gone . If I sign claim , what will happen ? error : no claim on the desk . => same .
tray 6 stamps 1 bin 1 ; memo 4 loose unsigned single ; letter 4 stapled unsigned single ; poem 4 stapled signed single . If I shred poem , what will happen ? error : the shredder jams . => same .
tray 6 stamps 2 bin 6 ; report 2 stapled signed single ; memo 6 stapled signed copied ; essay 2 stapled unsigned single . If I sign essay , what will happen ? essay is signed . => essay 2 stapled signed single .
tray 2 stamps 1 bin 1 ; report 1 loose unsigned single ; contract 3 loose signed single ; poem 4 loose unsigned single . If I copy contract , what will happen ? only 2 pages are copied . => tray - 2 .
tray 3 stamps 2 bin 2 ; claim 2 stapled unsigned single ; letter 3 stapled unsigned copied ; memo gone . If I shred memo , what will happen ? error : no memo on the desk . => same .
tray 6 stamps 1 bin 2 ; memo 5 loose signed copied ; contract gone ; claim 6 loose signed copied . If I shred contract , what will happen ? error : no contract on the desk . => same .
tray 6 stamps 0 bin 1 ; claim gone ; report 1 loose unsigned single ; essay gone . If I shred claim , what will happen ? error : no claim on the desk . => same .
tray 0 stamps 1 bin 5 ; claim 3 stapled unsigned single ; poem 3 loose signed single ; memo gone . If I staple claim , what will happen ? the staple is out . => claim 3 loose unsigned single .
tray 0 stamps 3 bin 2 ; claim 3 loose signed single ; report 2 loose signed single ; poem gone . If I copy claim , what will happen ? error : the tray is empty . => same .
tray 3 stamps 1 bin 0 ; report 4 stapled signed copied ; poem 2 stapled signed single ; contract 5 loose unsigned single . If I post poem , what will happen ? poem is posted , nothing is kept . => stamps - 1 ; poem gone .
tray 4 stamps 1 bin 4 ; letter 1 loose unsigned single ; report gone ; bill 3 loose unsigned single . If I staple report , what will happen ? error : no report on the desk . => same .
tray 2 stamps 0 bin 4 ; essay gone ; contract 5 loose unsigned single ; memo 6 loose unsigned single . If I shred memo , what will happen ? error : the bin is full . => same .
tray 5 stamps 2 bin 5 ; claim 1 loose signed copied ; report 3 stapled unsigned copied ; bill 5 loose unsigned copied . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 1 ; claim gone .
tray 1 stamps 3 bin 1 ; report gone ; memo 6 loose unsigned copied ; letter 4 loose signed single . If I post report , what will happen ? error : no report on the desk . => same .
tray 4 stamps 1 bin 1 ; poem 2 loose signed copied ; contract 6 stapled unsigned copied ; report 5 stapled unsigned single . If I staple report , what will happen ? the staple is out . => report 5 loose unsigned single .
tray 0 stamps 3 bin 2 ; letter 2 stapled signed single ; claim 5 loose signed copied ; bill 4 loose unsigned copied . If I post claim , what will happen ? claim is posted , the copy is kept . => stamps - 2 ; claim gone .
tray 3 stamps 3 bin 5 ; poem 1 loose signed single ; bill 5 stapled unsigned copied ; letter 2 stapled signed single . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 5 stapled signed single .
tray 3 stamps 3 bin 7 ; memo 1 loose unsigned single ; contract 6 stapled signed copied ; claim 4 loose unsigned single . If I sign claim , what will happen ? claim is signed . => claim 4 loose signed single .
tray 6 stamps 1 bin 2 ; memo 6 loose signed copied ; report 1 loose signed copied ; contract 1 loose unsigned single . If I shred contract , what will happen ? contract is lost for ever . => bin - 1 ; contract gone .
tray 3 stamps 3 bin 3 ; essay 4 loose signed copied ; bill 4 loose unsigned single ; claim 5 loose unsigned single . If I sign essay , what will happen ? nothing changes . => same .
tray 4 stamps 3 bin 5 ; poem 6 stapled unsigned single ; memo 6 loose unsigned copied ; bill 4 loose unsigned copied . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 4 loose signed single .
tray 0 stamps 0 bin 5 ; claim gone ; bill 1 loose signed copied ; memo 3 stapled signed copied . If I shred claim , what will happen ? error : no claim on the desk . => same .
tray 4 stamps 3 bin 5 ; bill gone ; claim 4 loose signed copied ; contract 4 loose signed copied . If I post contract , what will happen ? contract is posted , the copy is kept . => stamps - 2 ; contract gone .
tray 6 stamps 3 bin 5 ; poem 1 loose unsigned copied ; contract 1 loose unsigned copied ; report 3 stapled unsigned single . If I sign contract , what will happen ? contract is signed , the copy is out of date . => contract 1 loose signed single .
tray 4 stamps 0 bin 1 ; contract gone ; letter 4 loose unsigned copied ; bill gone . If I post bill , what will happen ? error : no bill on the desk . => same .
tray 5 stamps 2 bin 6 ; report 1 loose unsigned single ; memo 2 stapled signed copied ; claim 3 loose unsigned copied . If I sign report , what will happen ? report is signed . => report 1 loose signed single .
tray 1 stamps 3 bin 2 ; claim gone ; bill 6 stapled unsigned single ; essay 6 loose unsigned copied . If I post claim , what will happen ? error : no claim on the desk . => same .
tray 3 stamps 0 bin 0 ; contract 4 loose unsigned copied ; poem 5 loose signed copied ; memo 2 loose unsigned single . If I sign memo , what will happen ? memo is signed . => memo 2 loose signed single .
tray 6 stamps 1 bin 6 ; poem 2 loose signed single ; claim 1 loose unsigned single ; letter 5 loose unsigned single . If I shred poem , what will happen ? poem is lost for ever . => bin - 2 ; poem gone .
tray 1 stamps 3 bin 6 ; contract gone ; letter 2 loose signed single ; memo 3 loose unsigned copied . If I copy contract , what will happen ? error : no contract on the desk . => same .
tray 2 stamps 1 bin 7 ; contract 6 loose unsigned copied ; report 6 loose signed single ; bill 6 loose unsigned copied . If I shred contract , what will happen ? contract is shredded , the copy is kept . => bin - 6 ; contract gone .
tray 5 stamps 3 bin 2 ; bill 2 loose unsigned single ; report 2 loose signed single ; poem 2 stapled unsigned copied . If I post report , what will happen ? report is posted , nothing is kept . => stamps - 1 ; report gone .
tray 6 stamps 3 bin 0 ; bill gone ; memo 4 loose signed copied ; poem 2 stapled unsigned single . If I shred bill , what will happen ? error : no bill on the desk . => same .
tray 5 stamps 1 bin 5 ; claim 3 stapled unsigned single ; letter gone ; report gone . If I staple report , what will happen ? error : no report on the desk . => same .
tray 2 stamps 2 bin 4 ; claim 2 loose unsigned single ; letter 2 stapled unsigned single ; bill 4 loose unsigned single . If I staple letter , what will happen ? the staple is out . => letter 2 loose unsigned single .
tray 6 stamps 0 bin 5 ; contract 6 stapled unsigned single ; claim 1 loose signed copied ; essay 6 stapled unsigned single . If I post claim , what will happen ? error : not enough stamps . => same .
tray 4 stamps 3 bin 6 ; poem 1 loose unsigned copied ; claim 1 loose unsigned copied ; letter gone . If I sign letter , what will happen ? error : no letter on the desk . => same .
tray 6 stamps 2 bin 2 ; claim 5 stapled unsigned copied ; bill gone ; essay gone . If I post bill , what will happen ? error : no bill on the desk . => same .
tray 2 stamps 3 bin 1 ; contract 6 stapled signed single ; poem 4 loose unsigned single ; essay 6 loose unsigned single . If I staple contract , what will happen ? the staple is out . => contract 6 loose signed single .
tray 4 stamps 1 bin 4 ; memo gone ; letter 2 stapled unsigned copied ; poem 4 loose unsigned single . If I copy memo , what will happen ? error : no memo on the desk . => same .
tray 2 stamps 1 bin 4 ; report 2 loose signed copied ; bill 2 loose unsigned single ; memo gone . If I copy memo , what will happen ? error : no memo on the desk . => same .
tray 4 stamps 1 bin 5 ; report 2 stapled unsigned copied ; contract 5 stapled signed copied ; poem 1 loose signed single . If I staple poem , what will happen ? error : one page needs no staple . => same .
tray 4 stamps 2 bin 4 ; bill gone ; letter 6 loose unsigned single ; poem 4 loose signed copied . If I staple bill , what will happen ? error : no bill on the desk . => same .
tray 5 stamps 2 bin 5 ; letter 2 stapled signed single ; bill 1 loose signed single ; contract 6 loose signed single . If I staple bill , what will happen ? error : one page needs no staple . => same .
tray 4 stamps 3 bin 4 ; report 4 stapled signed copied ; bill 3 stapled unsigned copied ; contract 6 stapled signed single . If I post contract , what will happen ? contract is posted , nothing is kept . => stamps - 2 ; contract gone .
tray 2 stamps 1 bin 2 ; letter 1 loose unsigned single ; memo 6 stapled signed single ; report 2 stapled unsigned copied . If I sign letter , what will happen ? letter is signed . => letter 1 loose signed single .
tray 0 stamps 0 bin 2 ; claim 1 loose unsigned single ; poem 5 loose unsigned copied ; bill 1 loose signed single . If I copy bill , what will happen ? error : the tray is empty . => same .
tray 6 stamps 1 bin 7 ; report 6 loose unsigned copied ; essay 1 loose signed single ; contract gone . If I staple contract , what will happen ? error : no contract on the desk . => same .
tray 5 stamps 2 bin 4 ; contract 3 loose signed copied ; letter 3 loose signed single ; claim gone . If I copy claim , what will happen ? error : no claim on the desk . => same .
tray 1 stamps 0 bin 3 ; bill 6 stapled unsigned single ; report 3 loose signed copied ; letter gone . If I staple letter , what will happen ? error : no letter on the desk . => same .
tray 2 stamps 3 bin 2 ; memo 3 loose unsigned single ; essay 1 loose signed single ; bill 3 loose signed single . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 0 stamps 0 bin 5 ; memo 2 loose unsigned single ; claim 1 loose signed single ; letter 5 stapled unsigned copied . If I post letter , what will happen ? error : not enough stamps . => same .
tray 5 stamps 3 bin 6 ; essay 3 stapled unsigned single ; claim gone ; report 2 stapled unsigned single . If I sign essay , what will happen ? essay is signed . => essay 3 stapled signed single .
tray 1 stamps 2 bin 3 ; contract 1 loose unsigned copied ; memo 4 loose signed single ; poem 5 loose unsigned copied . If I copy poem , what will happen ? nothing changes . => same .
tray 0 stamps 3 bin 5 ; bill gone ; memo gone ; essay 2 loose unsigned single . If I copy essay , what will happen ? error : the tray is empty . => same .
tray 2 stamps 0 bin 2 ; essay 1 loose unsigned copied ; poem 3 stapled unsigned copied ; bill 3 loose unsigned single . If I sign bill , what will happen ? bill is signed . => bill 3 loose signed single .
tray 1 stamps 2 bin 7 ; contract 4 loose unsigned single ; report gone ; bill 6 loose signed single . If I sign contract , what will happen ? contract is signed . => contract 4 loose signed single .
tray 1 stamps 3 bin 2 ; claim 1 loose unsigned single ; essay gone ; poem 2 loose signed single . If I shred poem , what will happen ? poem is lost for ever . => bin - 2 ; poem gone .
tray 2 stamps 0 bin 1 ; bill gone ; contract 1 loose unsigned single ; essay 6 stapled unsigned single . If I shred bill , what will happen ? error : no bill on the desk . => same .
tray 0 stamps 1 bin 5 ; letter gone ; memo 1 loose unsigned copied ; essay gone . If I sign essay , what will happen ? error : no essay on the desk . => same .
tray 0 stamps 0 bin 7 ; claim 3 stapled signed single ; bill 2 stapled signed copied ; memo 1 loose signed copied . If I post memo , what will happen ? error : not enough stamps . => same .
tray 1 stamps 2 bin 3 ; essay 6 loose unsigned single ; bill 4 loose unsigned single ; contract 1 loose unsigned copied . If I post essay , what will happen ? essay comes back unsigned . => stamps - 2 .
tray 2 stamps 3 bin 0 ; claim 5 stapled unsigned single ; memo 3 loose signed copied ; report 2 loose signed single . If I shred report , what will happen ? error : the bin is full . => same .
tray 5 stamps 1 bin 0 ; contract 5 stapled signed single ; letter gone ; report 5 loose signed copied . If I shred letter , what will happen ? error : no letter on the desk . => same .
tray 4 stamps 0 bin 0 ; contract 3 stapled unsigned single ; memo 3 stapled signed copied ; bill 3 loose signed single . If I shred memo , what will happen ? error : the shredder jams . => same .
tray 5 stamps 3 bin 7 ; bill 1 loose signed copied ; poem 5 loose signed single ; essay 2 stapled signed copied . If I post essay , what will happen ? essay is posted , the copy is kept . => stamps - 1 ; essay gone .
tray 6 stamps 3 bin 1 ; letter 5 loose signed copied ; claim 1 loose unsigned single ; memo 4 loose signed copied . If I sign claim , what will happen ? claim is signed . => claim 1 loose signed single .
tray 5 stamps 2 bin 1 ; report 3 loose unsigned copied ; bill 6 stapled unsigned copied ; letter gone . If I shred bill , what will happen ? error : the shredder jams . => same .
tray 0 stamps 0 bin 7 ; contract 6 loose signed copied ; bill 4 stapled signed single ; memo 4 loose unsigned single . If I staple bill , what will happen ? the staple is out . => bill 4 loose signed single .
tray 1 stamps 0 bin 4 ; contract gone ; poem 4 loose signed copied ; letter 1 loose unsigned copied . If I sign contract , what will happen ? error : no contract on the desk . => same .
tray 2 stamps 2 bin 3 ; essay 3 stapled unsigned single ; poem 1 loose unsigned single ; bill 6 stapled signed single . If I staple poem , what will happen ? error : one page needs no staple . => same .
tray 1 stamps 1 bin 5 ; claim 5 loose signed single ; letter 2 loose unsigned copied ; memo 3 stapled unsigned copied . If I sign memo , what will happen ? memo is signed , the copy is out of date . => memo 3 stapled signed single .
tray 1 stamps 3 bin 4 ; essay 3 loose signed single ; contract 2 loose unsigned copied ; memo 4 loose unsigned copied . If I copy memo , what will happen ? nothing changes . => same .
tray 1 stamps 0 bin 0 ; essay 6 loose signed copied ; poem 1 loose signed copied ; claim gone . If I staple claim , what will happen ? error : no claim on the desk . => same .
tray 6 stamps 3 bin 4 ; letter gone ; report 1 loose signed copied ; essay 2 stapled signed copied . If I shred letter , what will happen ? error : no letter on the desk . => same .
tray 6 stamps 0 bin 3 ; bill gone ; poem 4 loose signed copied ; claim 4 stapled unsigned copied . If I copy bill , what will happen ? error : no bill on the desk . => same .
tray 0 stamps 0 bin 6 ; contract 1 loose signed single ; claim 3 loose signed single ; bill 5 stapled unsigned copied . If I copy claim , what will happen ? error : the tray is empty . => same .
tray 5 stamps 0 bin 1 ; essay 6 loose signed copied ; contract 6 stapled unsigned single ; bill 5 stapled unsigned single . If I post essay , what will happen ? error : not enough stamps . => same .
tray 5 stamps 1 bin 5 ; essay gone ; report 3 loose signed copied ; contract 4 loose unsigned copied . If I shred contract , what will happen ? contract is shredded , the copy is kept . => bin - 4 ; contract gone .
tray 6 stamps 0 bin 2 ; poem 2 stapled unsigned copied ; report 5 loose unsigned single ; contract gone . If I shred contract , what will happen ? error : no contract on the desk . => same .
tray 0 stamps 1 bin 2 ; poem 1 loose unsigned single ; letter 2 loose unsigned single ; claim 2 stapled signed single . If I copy letter , what will happen ? error : the tray is empty . => same .
tray 2 stamps 1 bin 7 ; bill 1 loose signed single ; essay 1 loose unsigned copied ; claim 4 loose signed copied . If I post claim , what will happen ? error : not enough stamps . => same .
tray 0 stamps 2 bin 2 ; report 5 loose unsigned copied ; claim 6 stapled signed single ; essay 2 loose signed copied . If I sign report , what will happen ? report is signed , the copy is out of date . => report 5 loose signed single .
tray 1 stamps 2 bin 4 ; poem 1 loose unsigned copied ; report 1 loose signed copied ; essay 5 loose signed single . If I copy report , what will happen ? nothing changes . => same .
tray 5 stamps 3 bin 0 ; claim 4 loose unsigned single ; report 3 stapled unsigned copied ; memo 2 loose signed copied . If I copy report , what will happen ? error : report is stapled . => same .
tray 6 stamps 3 bin 3 ; letter 1 loose signed copied ; essay gone ; claim 3 loose signed single . If I staple essay , what will happen ? error : no essay on the desk . => same .
tray 6 stamps 3 bin 5 ; bill 2 stapled signed single ; contract 6 loose signed copied ; memo 1 loose unsigned copied . If I post bill , what will happen ? bill is posted , nothing is kept . => stamps - 1 ; bill gone .
tray 5 stamps 1 bin 6 ; bill 6 stapled signed single ; report 4 loose unsigned copied ; essay 6 loose unsigned copied . If I staple bill , what will happen ? the staple is out . => bill 6 loose signed single .
tray 6 stamps 0 bin 6 ; memo 3 loose unsigned single ; report 2 loose signed single ; poem 6 loose unsigned copied . If I post memo , what will happen ? error : not enough stamps . => same .
tray 1 stamps 0 bin 1 ; claim 3 loose signed copied ; poem gone ; letter 3 loose unsigned copied . If I post poem , what will happen ? error : no poem on the desk . => same .
tray 6 stamps 3 bin 0 ; claim 1 loose signed single ; bill 1 loose unsigned single ; contract gone . If I staple contract , what will happen ? error : no contract on the desk . => same .
tray 4 stamps 3 bin 4 ; bill gone ; claim gone ; poem 3 loose signed copied . If I copy poem , what will happen ? nothing changes . => same .
tray 4 stamps 2 bin 5 ; report 2 stapled signed copied ; bill 1 loose signed copied ; contract 4 loose unsigned copied . If I shred contract , what will happen ? contract is shredded , the copy is kept . => bin - 4 ; contract gone .
tray 3 stamps 1 bin 6 ; claim 3 loose unsigned single ; poem 1 loose unsigned single ; bill 4 loose signed single . If I post claim , what will happen ? claim comes back unsigned . => stamps - 1 .
tray 1 stamps 2 bin 4 ; essay 5 loose signed copied ; claim 3 loose signed copied ; bill 6 stapled unsigned copied . If I post bill , what will happen ? bill comes back unsigned . => stamps - 2 .
tray 1 stamps 3 bin 3 ; report 1 loose signed copied ; essay 4 loose unsigned single ; contract 2 stapled signed single . If I post report , what will happen ? report is posted , the copy is kept . => stamps - 1 ; report gone .
tray 5 stamps 3 bin 5 ; claim 2 loose unsigned single ; memo 5 loose signed single ; contract 5 loose signed copied . If I shred claim , what will happen ? claim is lost for ever . => bin - 2 ; claim gone .
tray 4 stamps 2 bin 4 ; essay 2 stapled unsigned copied ; memo 5 stapled signed copied ; poem gone . If I staple memo , what will happen ? the staple is out . => memo 5 loose signed copied .
tray 1 stamps 1 bin 6 ; letter 4 loose signed single ; report 2 stapled unsigned single ; memo gone . If I post memo , what will happen ? error : no memo on the desk . => same .
tray 4 stamps 3 bin 1 ; bill gone ; claim 6 loose unsigned single ; letter 4 loose signed single . If I post claim , what will happen ? claim comes back unsigned . => stamps - 2 .
tray 6 stamps 1 bin 7 ; poem 2 stapled unsigned copied ; memo 2 stapled signed copied ; essay 5 stapled signed copied . If I shred essay , what will happen ? error : the shredder jams . => same .
tray 1 stamps 1 bin 1 ; report 5 stapled signed single ; contract 5 loose unsigned single ; letter 3 loose signed copied . If I sign letter , what will happen ? nothing changes . => same .
tray 2 stamps 3 bin 5 ; report 5 loose signed copied ; essay 1 loose unsigned single ; memo 3 loose unsigned copied . If I staple memo , what will happen ? memo is stapled . => memo 3 stapled unsigned copied .
tray 2 stamps 3 bin 1 ; claim 5 loose unsigned copied ; memo 1 loose signed single ; essay 5 stapled signed copied . If I copy memo , what will happen ? memo is copied . => tray - 1 ; memo 1 loose signed copied .
tray 2 stamps 1 bin 5 ; essay 1 loose signed single ; contract gone ; report 6 loose signed copied . If I staple essay , what will happen ? error : one page needs no staple . => same .
tray 4 stamps 3 bin 2 ; claim 4 stapled signed copied ; report 2 loose signed single ; essay 5 loose signed copied . If I post claim , what will happen ? claim is posted , the copy is kept . => stamps - 2 ; claim gone .
tray 1 stamps 3 bin 1 ; letter 6 stapled signed single ; bill 6 loose signed single ; poem 4 loose unsigned single . If I copy bill , what will happen ? only 1 pages are copied . => tray - 1 .
tray 1 stamps 1 bin 3 ; contract 1 loose unsigned single ; claim 2 stapled signed copied ; essay 6 loose signed copied . If I post claim , what will happen ? claim is posted , the copy is kept . => stamps - 1 ; claim gone .
tray 0 stamps 3 bin 4 ; poem 5 loose unsigned copied ; contract 1 loose unsigned single ; memo 6 loose unsigned single . If I copy contract , what will happen ? error : the tray is empty . => same .
tray 2 stamps 2 bin 7 ; contract 5 loose unsigned copied ; report 4 loose signed single ; claim 2 stapled unsigned single . If I staple report , what will happen ? report is stapled . => report 4 stapled signed single .
tray 2 stamps 3 bin 0 ; report 1 loose unsigned single ; bill 2 stapled unsigned copied ; letter 2 loose signed single . If I copy letter , what will happen ? letter is copied . => tray - 2 ; letter 2 loose signed copied .
tray 6 stamps 0 bin 6 ; essay 6 loose unsigned copied ; bill 1 loose signed single ; contract 5 stapled signed copied . If I copy bill , what will happen ? bill is copied . => tray - 1 ; bill 1 loose signed copied .
tray 6 stamps 3 bin 5 ; essay 2 stapled signed single ; claim gone ; contract 1 loose signed single . If I post contract , what will happen ? contract is posted , nothing is kept . => stamps - 1 ; contract gone .
tray 4 stamps 3 bin 1 ; essay 1 loose unsigned copied ; claim 3 stapled signed copied ; bill 2 loose unsigned single . If I sign essay , what will happen ? essay is signed , the copy is out of date . => essay 1 loose signed single .
tray 1 stamps 3 bin 0 ; memo 6 loose unsigned copied ; contract 5 stapled signed single ; poem 3 loose signed copied . If I sign poem , what will happen ? nothing changes . => same .
tray 4 stamps 1 bin 0 ; claim 2 loose signed single ; essay 6 loose signed single ; letter 4 loose unsigned single . If I post essay , what will happen ? error : not enough stamps . => same .
tray 3 stamps 2 bin 5 ; report gone ; letter 2 loose unsigned copied ; contract 1 loose unsigned copied . If I sign contract , what will happen ? contract is signed , the copy is out of date . => contract 1 loose signed single .
tray 0 stamps 1 bin 1 ; claim 6 loose signed copied ; report 5 stapled signed copied ; bill 4 stapled unsigned single . If I sign claim , what will happen ? nothing changes . => same .
tray 5 stamps 3 bin 2 ; claim gone ; memo 4 loose signed single ; report 6 loose signed copied . If I sign claim , what will happen ? error : no claim on the desk . => same .
tray 0 stamps 3 bin 3 ; claim 1 loose unsigned copied ; contract 4 loose signed single ; poem 1 loose signed single . If I staple contract , what will happen ? contract is stapled . => contract 4 stapled signed single .
tray 4 stamps 3 bin 7 ; claim 1 loose unsigned single ; letter 2 stapled signed single ; contract 4 loose signed single . If I shred letter , what will happen ? error : the shredder jams . => same .
tray 1 stamps 3 bin 4 ; report 4 stapled unsigned copied ; poem 4 loose signed single ; contract 4 loose unsigned single . If I copy poem , what will happen ? only 1 pages are copied . => tray - 1 .
tray 2 stamps 0 bin 0 ; contract 6 stapled unsigned single ; report gone ; bill 2 loose unsigned single . If I shred report , what will happen ? error : no report on the desk . => same .
tray 1 stamps 0 bin 5 ; claim 5 stapled unsigned copied ; letter 5 loose unsigned copied ; memo 1 loose signed copied . If I copy memo , what will happen ? nothing changes . => same .
tray 4 stamps 0 bin 4 ; essay 3 loose signed copied ; memo 6 stapled signed copied ; letter 5 stapled unsigned single . If I sign memo , what will happen ? nothing changes . => same .
tray 5 stamps 2 bin 7 ; bill 1 loose unsigned single ; report 1 loose signed single ; letter 3 loose signed copied . If I copy report , what will happen ? report is copied . => tray - 1 ; report 1 loose signed copied .
tray 3 stamps 3 bin 0 ; memo 1 loose signed single ; poem 4 stapled unsigned copied ; essay 1 loose unsigned single . If I copy essay , what will happen ? essay is copied . => tray - 1 ; essay 1 loose unsigned copied .
tray 0 stamps 3 bin 5 ; essay 6 stapled signed single ; letter 3 stapled signed copied ; claim 1 loose signed copied . If I staple claim , what will happen ? error : one page needs no staple . => same .
tray 1 stamps 0 bin 0 ; poem 2 stapled signed copied ; report gone ; contract 2 loose unsigned copied . If I post report , what will happen ? error : no report on the desk . => same .
tray 1 stamps 0 bin 7 ; report 3 loose unsigned single ; claim 2 loose unsigned single ; memo gone . If I sign memo , what will happen ? error : no memo on the desk . => same .
tray 5 stamps 3 bin 7 ; poem gone ; report 3 stapled signed single ; memo 3 loose signed copied . If I copy poem , what will happen ? error : no poem on the desk . => same .
tray 0 stamps 1 bin 7 ; letter gone ; essay 1 loose signed single ; claim 3 loose unsigned copied . If I shred claim , what will happen ? claim is shredded , the copy is kept . => bin - 3 ; claim gone .
tray 5 stamps 1 bin 6 ; essay 2 loose signed copied ; memo 3 loose unsigned copied ; poem 3 stapled signed single . If I post essay , what will happen ? essay is posted , the copy is kept . => stamps - 1 ; essay gone .
tray 6 stamps 2 bin 7 ; contract 4 loose signed copied ; bill 5 loose unsigned copied ; letter 3 loose unsigned single . If I sign contract , what will happen ? nothing changes . => same .
tray 2 stamps 3 bin 6 ; poem 3 loose unsigned copied ; bill 5 stapled unsigned copied ; memo 4 loose unsigned single . If I sign bill , what will happen ? bill is signed , the copy is out of date . => bill 5 stapled signed single .
tray 6 stamps 2 bin 2 ; letter 5 loose unsigned copied ; contract 1 loose unsigned single ; report 2 stapled unsigned copied . If I staple report , what will happen ? the staple is out . => report 2 loose unsigned copied .
tray 3 stamps 3 bin 4 ; memo 3 loose signed single ; bill 1 loose signed single ; report 1 loose signed copied . If I post memo , what will happen ? memo is posted , nothing is kept . => stamps - 1 ; memo gone .
tray 3 stamps 2 bin 2 ; bill 2 loose signed copied ; essay 1 loose signed copied ; report 4 loose signed copied . If I post bill , what will happen ? bill is posted , the copy is kept . => stamps - 1 ; bill gone .
tray 4 stamps 3 bin 1 ; contract 5 loose unsigned single ; memo 3 stapled signed copied ; poem gone . If I staple poem , what will happen ? error : no poem on the desk . => same .
tray 5 stamps 0 bin 1 ; poem 5 stapled signed copied ; bill 2 loose signed single ; memo gone . If I copy bill , what will happen ? bill is copied . => tray - 2 ; bill 2 loose signed copied .
tray 5 stamps 2 bin 2 ; bill 6 stapled unsigned single ; letter 3 loose signed single ; poem 4 loose signed copied . If I staple poem , what will happen ? poem is stapled . => poem 4 stapled signed copied .
tray 6 stamps 3 bin 2 ; report 3 loose unsigned copied ; letter 2 loose signed copied ; bill 4 loose unsigned copied . If I post letter , what will happen ? letter is posted , the copy is kept . => stamps - 1 ; letter gone .
"""

# Questions, and fingerprints of question and answer: to check with, not to read.
HELD_OUT = """\
tray 0 stamps 2 bin 3 ; report 5 stapled unsigned single ; treaty 3 stapled signed single ; memo 3 loose unsigned single . If I copy memo , what will happen ? 564bb8711d546cc9
tray 6 stamps 0 bin 6 ; poem 5 loose signed copied ; essay gone ; review 1 loose unsigned single . If I copy essay , what will happen ? 6d88496e99df5e20
tray 4 stamps 2 bin 1 ; claim 6 loose unsigned copied ; bill 2 stapled signed copied ; review 3 stapled unsigned single . If I copy bill , what will happen ? 0b5b2057f03bb47b
tray 1 stamps 1 bin 7 ; treaty gone ; score 5 loose signed single ; will 2 loose unsigned copied . If I copy treaty , what will happen ? 5e6a3dc02b642a56
tray 6 stamps 3 bin 3 ; score 6 stapled unsigned single ; memo 3 loose unsigned copied ; review 1 loose unsigned single . If I copy score , what will happen ? 2ba77a3e11822142
tray 6 stamps 0 bin 3 ; treaty 2 stapled unsigned copied ; score 4 loose unsigned copied ; will 3 loose signed copied . If I copy will , what will happen ? 41e496825bdd2947
tray 2 stamps 0 bin 2 ; essay 4 loose unsigned copied ; bill 6 loose signed single ; memo 6 stapled signed copied . If I copy bill , what will happen ? 3f07daef66983053
tray 6 stamps 0 bin 2 ; essay gone ; score 6 loose signed copied ; treaty 3 loose unsigned single . If I copy treaty , what will happen ? 0b21deccd7d3eea4
tray 2 stamps 2 bin 0 ; review 4 loose unsigned copied ; score 1 loose unsigned single ; contract gone . If I copy score , what will happen ? 386849742c02d510
tray 2 stamps 1 bin 3 ; contract 5 loose unsigned single ; memo 6 loose signed copied ; treaty 4 loose unsigned single . If I copy memo , what will happen ? e07f4f085922929f
tray 0 stamps 0 bin 7 ; score 6 stapled signed copied ; poem 2 loose unsigned single ; essay 6 stapled signed copied . If I copy poem , what will happen ? 6c35756c497acbe9
tray 4 stamps 2 bin 6 ; review gone ; claim 5 loose signed single ; score 6 loose signed copied . If I copy claim , what will happen ? c1c89a7cb2b67157
tray 6 stamps 0 bin 0 ; score 3 stapled signed single ; contract 6 stapled signed copied ; letter 1 loose signed copied . If I copy letter , what will happen ? 2a628a541d88d762
tray 5 stamps 0 bin 0 ; letter 4 stapled unsigned single ; will gone ; essay gone . If I copy will , what will happen ? 21e87c7e42e09d90
tray 0 stamps 2 bin 6 ; report 6 loose signed copied ; review 4 loose signed single ; letter 6 loose signed single . If I copy review , what will happen ? 00ec379f40696f26
tray 0 stamps 0 bin 7 ; report 4 stapled signed copied ; essay 2 loose signed copied ; poem 3 stapled signed single . If I copy essay , what will happen ? 1244aa9ccaa14803
tray 0 stamps 1 bin 0 ; treaty 4 loose unsigned copied ; review 2 loose signed copied ; report 5 loose signed single . If I copy report , what will happen ? 6170b6701e13127e
tray 2 stamps 2 bin 3 ; report 5 stapled unsigned copied ; poem 5 loose signed single ; will 6 loose unsigned copied . If I copy poem , what will happen ? fad1477c4fcc95f7
tray 0 stamps 0 bin 2 ; letter 3 stapled signed single ; review 4 stapled unsigned copied ; essay 2 loose unsigned single . If I copy letter , what will happen ? 1eb6ecf9fb1b8247
tray 4 stamps 3 bin 7 ; letter 3 loose unsigned copied ; essay 3 loose signed copied ; memo 5 stapled unsigned copied . If I copy essay , what will happen ? f461aea2f1ce8bf6
tray 1 stamps 1 bin 3 ; treaty 1 loose unsigned single ; essay 1 loose unsigned copied ; claim 3 loose signed copied . If I copy treaty , what will happen ? 0c32eeb116c72aec
tray 0 stamps 0 bin 6 ; letter 6 loose unsigned single ; treaty 2 loose signed copied ; memo 4 loose unsigned single . If I copy letter , what will happen ? 4d8c0e6295612467
tray 1 stamps 2 bin 6 ; claim 3 stapled unsigned copied ; score 1 loose unsigned single ; report 4 loose unsigned copied . If I copy score , what will happen ? d5f6704110def57a
tray 0 stamps 1 bin 6 ; score gone ; memo 1 loose signed single ; poem 6 stapled unsigned single . If I copy score , what will happen ? e7cc7cda1dc9b7e4
tray 5 stamps 0 bin 2 ; claim 4 stapled unsigned copied ; poem 6 loose signed single ; score 2 stapled signed copied . If I copy poem , what will happen ? b9e538f9d3fe2d9e
tray 5 stamps 1 bin 4 ; review 5 stapled signed copied ; letter 4 stapled unsigned copied ; memo 6 loose signed single . If I copy memo , what will happen ? bbc022d7f549fc05
tray 4 stamps 0 bin 2 ; poem 5 loose signed copied ; memo 5 stapled unsigned copied ; contract gone . If I copy contract , what will happen ? 82fee20014c5b678
tray 3 stamps 0 bin 1 ; poem 5 loose unsigned copied ; essay 6 stapled signed single ; review 5 stapled unsigned copied . If I copy essay , what will happen ? 55f9b2c4439f94f1
tray 1 stamps 2 bin 1 ; claim 4 loose unsigned single ; letter 2 loose unsigned copied ; will 4 loose unsigned single . If I copy letter , what will happen ? 2bc1d5c5da3d91dd
tray 2 stamps 3 bin 4 ; report 6 loose signed copied ; claim 4 stapled signed copied ; bill 5 loose unsigned copied . If I copy claim , what will happen ? bf84ce62a054648c
tray 2 stamps 0 bin 1 ; bill 1 loose unsigned copied ; claim 4 loose signed single ; essay 3 loose unsigned copied . If I copy claim , what will happen ? 9c6508abc6fadec0
tray 2 stamps 3 bin 0 ; will gone ; memo gone ; report 4 loose unsigned copied . If I copy memo , what will happen ? 83a4167a6fe2acb4
tray 0 stamps 2 bin 3 ; essay 2 loose unsigned single ; report 5 loose signed single ; review 5 stapled signed copied . If I copy report , what will happen ? d71550f862a6f2f4
tray 0 stamps 0 bin 6 ; letter 5 stapled signed single ; will gone ; memo 6 loose signed single . If I copy memo , what will happen ? 5908f56604859dff
tray 0 stamps 3 bin 1 ; claim 5 stapled unsigned single ; bill 2 loose unsigned single ; memo 6 loose signed copied . If I copy memo , what will happen ? 3126f2db9e81eb65
tray 1 stamps 1 bin 0 ; essay 5 stapled signed single ; treaty 4 loose signed single ; poem 2 stapled unsigned copied . If I copy essay , what will happen ? 723e8bab0f82d67f
tray 4 stamps 3 bin 4 ; essay 5 stapled signed copied ; review 2 loose unsigned single ; bill 4 loose unsigned single . If I copy bill , what will happen ? 319341625ca380dc
tray 3 stamps 0 bin 0 ; essay 2 loose signed single ; score gone ; report 6 stapled unsigned single . If I copy essay , what will happen ? 975c95933b9c5b4f
tray 5 stamps 3 bin 5 ; review 5 loose signed single ; treaty 4 loose signed copied ; contract 2 stapled unsigned copied . If I copy contract , what will happen ? 2053739c7df6b93c
tray 1 stamps 3 bin 6 ; treaty 6 loose unsigned single ; review 3 loose signed single ; contract 5 stapled unsigned single . If I copy review , what will happen ? 86356eaf8b28bfa8
tray 4 stamps 1 bin 5 ; report 5 stapled signed single ; review 6 stapled signed copied ; memo 2 stapled signed single . If I sign review , what will happen ? 712bed13e0ac2a14
tray 1 stamps 2 bin 5 ; will 2 loose signed copied ; treaty 4 loose signed single ; essay gone . If I sign treaty , what will happen ? 222f71ca8e528bae
tray 1 stamps 3 bin 1 ; bill 5 loose signed single ; poem 6 stapled signed single ; contract 1 loose signed single . If I sign poem , what will happen ? dfd21dc6820b588e
tray 2 stamps 2 bin 4 ; will gone ; report 6 loose unsigned single ; bill 3 stapled signed copied . If I sign report , what will happen ? 10c225cc81fcb374
tray 2 stamps 0 bin 3 ; claim 3 loose signed copied ; poem 4 loose signed single ; bill 1 loose unsigned copied . If I sign poem , what will happen ? 56db3465e67f7c74
tray 5 stamps 0 bin 4 ; review 3 loose unsigned single ; letter 2 loose unsigned single ; claim 5 loose unsigned copied . If I sign review , what will happen ? 3150535e01c3e6b4
tray 0 stamps 2 bin 7 ; review 5 loose unsigned copied ; report 2 loose unsigned single ; poem gone . If I sign poem , what will happen ? 81b27d8821a69842
tray 4 stamps 2 bin 7 ; memo gone ; treaty 3 stapled signed copied ; essay 1 loose signed single . If I sign memo , what will happen ? e613fab9c098a674
tray 6 stamps 1 bin 6 ; essay 6 stapled signed single ; report 6 stapled unsigned single ; treaty 2 loose signed copied . If I sign report , what will happen ? 172dab2e337b61af
tray 1 stamps 2 bin 4 ; memo 1 loose signed single ; will 3 stapled unsigned single ; review gone . If I sign review , what will happen ? 4608eac310ee1bff
tray 6 stamps 0 bin 2 ; treaty 2 stapled unsigned single ; memo gone ; review 5 stapled unsigned single . If I sign memo , what will happen ? d7904ccc0c8c6520
tray 0 stamps 0 bin 4 ; review 2 loose unsigned copied ; treaty 4 stapled unsigned single ; contract 1 loose signed copied . If I sign treaty , what will happen ? 226c8446f8180921
tray 5 stamps 2 bin 4 ; memo 4 stapled unsigned single ; poem 6 loose unsigned copied ; score gone . If I sign score , what will happen ? f1f1760899b559d0
tray 0 stamps 0 bin 0 ; letter 2 stapled unsigned copied ; bill gone ; contract 1 loose unsigned copied . If I sign bill , what will happen ? 37c353106895641c
tray 6 stamps 3 bin 4 ; poem 2 loose signed copied ; bill 4 loose unsigned copied ; review 3 stapled unsigned single . If I sign bill , what will happen ? d73bff9d3dfdc800
tray 6 stamps 0 bin 2 ; essay 6 loose signed single ; bill 5 loose unsigned copied ; treaty 2 stapled signed single . If I sign treaty , what will happen ? dcb9aa52f0e3044d
tray 3 stamps 1 bin 6 ; contract 6 loose signed copied ; treaty 5 loose unsigned single ; essay 5 stapled signed copied . If I sign treaty , what will happen ? c9fd96900b6d37b9
tray 0 stamps 1 bin 6 ; claim gone ; letter 5 stapled signed single ; memo 6 loose unsigned copied . If I sign memo , what will happen ? b2b8834f15191479
tray 3 stamps 2 bin 3 ; letter 6 stapled unsigned copied ; score gone ; bill 1 loose unsigned copied . If I sign bill , what will happen ? 9d405fa9f911ed9a
tray 6 stamps 3 bin 3 ; memo 6 loose signed single ; score 1 loose unsigned single ; review 3 loose signed copied . If I sign review , what will happen ? ef1f8fd96f117404
tray 5 stamps 0 bin 6 ; bill gone ; poem 5 stapled unsigned copied ; letter 2 stapled unsigned single . If I sign bill , what will happen ? 0584a669e451564e
tray 4 stamps 2 bin 5 ; letter 5 stapled unsigned single ; memo 2 loose signed copied ; bill 6 loose signed single . If I sign memo , what will happen ? 29f58adc5c85f013
tray 6 stamps 3 bin 4 ; letter gone ; claim 2 loose signed single ; treaty 6 loose unsigned copied . If I sign treaty , what will happen ? 459f60815dad4981
tray 6 stamps 3 bin 3 ; will gone ; review 6 loose unsigned single ; memo 1 loose unsigned single . If I sign will , what will happen ? 98878fd56ee51525
tray 4 stamps 2 bin 2 ; review 1 loose unsigned copied ; contract 1 loose signed single ; will 3 stapled unsigned copied . If I sign review , what will happen ? deaed6d9b42caceb
tray 4 stamps 2 bin 2 ; claim 2 loose unsigned copied ; letter gone ; memo gone . If I sign claim , what will happen ? c6413f71e04410f6
tray 3 stamps 3 bin 7 ; treaty 1 loose unsigned single ; bill 3 stapled signed single ; essay 2 loose signed copied . If I sign treaty , what will happen ? 5bcd85d649ecbe3a
tray 4 stamps 1 bin 2 ; score 5 loose signed single ; essay gone ; report 2 stapled unsigned copied . If I sign report , what will happen ? 85342bafa85bfefa
tray 1 stamps 0 bin 2 ; review 3 loose signed copied ; claim 4 loose signed copied ; letter 6 loose signed single . If I sign claim , what will happen ? 43a8a2916deb71d6
tray 1 stamps 1 bin 5 ; claim 3 stapled signed single ; report gone ; bill 6 stapled signed copied . If I sign report , what will happen ? e46657c9cd4edd49
tray 6 stamps 3 bin 4 ; essay 6 loose signed single ; will gone ; poem 4 stapled signed copied . If I sign poem , what will happen ? b31514a5876dfd60
tray 1 stamps 0 bin 5 ; poem 2 stapled signed single ; review 6 stapled unsigned copied ; letter 6 loose unsigned copied . If I sign letter , what will happen ? 891857102911a451
tray 5 stamps 2 bin 0 ; score 4 loose signed single ; review 1 loose unsigned copied ; treaty 3 loose unsigned single . If I sign review , what will happen ? 8a253d2c2841c81a
tray 1 stamps 2 bin 7 ; essay 3 loose signed single ; contract 1 loose unsigned copied ; claim 2 stapled unsigned single . If I sign claim , what will happen ? 82d776b0a0f3fd28
tray 0 stamps 1 bin 4 ; bill 5 loose unsigned single ; will gone ; review 3 loose unsigned single . If I sign review , what will happen ? 73b803f062091bcc
tray 6 stamps 0 bin 7 ; treaty 5 stapled unsigned copied ; essay 1 loose unsigned copied ; contract 5 loose unsigned single . If I sign contract , what will happen ? a4886eba9325529e
tray 3 stamps 2 bin 2 ; essay 5 loose unsigned single ; claim 1 loose unsigned single ; score 5 stapled unsigned copied . If I sign essay , what will happen ? 3f1e501d7f9beb07
tray 3 stamps 3 bin 7 ; letter 5 stapled unsigned single ; poem 6 loose unsigned single ; essay gone . If I sign essay , what will happen ? 4d057547736c9cb2
tray 3 stamps 3 bin 5 ; will 3 loose signed copied ; contract 4 stapled signed copied ; score gone . If I sign score , what will happen ? 8caa4359ca21e50f
tray 1 stamps 2 bin 6 ; contract 2 loose unsigned copied ; essay 6 loose signed single ; review 5 stapled unsigned single . If I sign essay , what will happen ? 878edfeacbc42da7
tray 6 stamps 2 bin 1 ; bill 6 loose unsigned copied ; treaty gone ; memo 2 stapled signed copied . If I staple treaty , what will happen ? 9835d9b05f76cb88
tray 3 stamps 0 bin 4 ; will 2 loose unsigned copied ; report 3 stapled unsigned copied ; claim 4 loose unsigned copied . If I staple claim , what will happen ? 0132448dbfafac14
tray 4 stamps 3 bin 7 ; memo gone ; treaty gone ; review 2 loose unsigned single . If I staple treaty , what will happen ? 73220c28bf56d9f7
tray 3 stamps 2 bin 3 ; claim 1 loose signed copied ; bill 4 loose signed single ; will 1 loose signed copied . If I staple will , what will happen ? be3dffd306b2ffad
tray 3 stamps 3 bin 2 ; letter 3 stapled unsigned single ; poem 5 loose signed single ; contract gone . If I staple contract , what will happen ? 0c71501e78f6e0db
tray 1 stamps 2 bin 7 ; bill 1 loose signed copied ; letter 1 loose unsigned copied ; will 2 loose unsigned single . If I staple bill , what will happen ? b8e04c10a1c029ed
tray 0 stamps 0 bin 2 ; letter 6 loose signed copied ; bill 2 stapled unsigned single ; treaty 5 loose signed copied . If I staple bill , what will happen ? 5f0024a891b13c1d
tray 3 stamps 1 bin 7 ; claim 6 loose unsigned copied ; bill 6 stapled signed single ; essay 2 loose signed single . If I staple essay , what will happen ? a88084254d935c62
tray 4 stamps 3 bin 0 ; score 5 loose unsigned single ; essay 6 loose signed single ; bill 1 loose signed single . If I staple bill , what will happen ? 4b20e349dacf3711
tray 3 stamps 2 bin 7 ; will 1 loose signed single ; treaty 1 loose signed copied ; poem 2 stapled signed single . If I staple treaty , what will happen ? 8686731f2dc2ab2c
tray 4 stamps 3 bin 7 ; memo 5 loose unsigned copied ; review 5 stapled unsigned single ; poem 3 loose signed single . If I staple review , what will happen ? 3d26a38433bc72ce
tray 5 stamps 1 bin 6 ; memo 5 loose unsigned single ; poem 5 loose signed copied ; will 6 loose unsigned single . If I staple poem , what will happen ? 9e50202cdfb58350
tray 5 stamps 1 bin 5 ; poem 1 loose unsigned single ; review gone ; memo 4 loose unsigned copied . If I staple review , what will happen ? 46bdc9c5c82827c2
tray 1 stamps 2 bin 0 ; score 4 stapled signed single ; essay 2 loose signed single ; memo 3 loose unsigned single . If I staple score , what will happen ? 57c30b9cacdc0a5b
tray 6 stamps 1 bin 2 ; treaty 2 loose signed copied ; essay 4 stapled signed single ; poem 5 stapled signed copied . If I staple treaty , what will happen ? 16765375e1a3e0dd
tray 2 stamps 1 bin 2 ; report 6 loose signed single ; letter 1 loose unsigned copied ; review 6 loose signed single . If I staple letter , what will happen ? 99bcdce8a0d7692e
tray 4 stamps 3 bin 7 ; memo 1 loose unsigned copied ; letter 4 loose signed single ; review 2 loose unsigned single . If I staple review , what will happen ? 52e441c23b15896a
tray 1 stamps 1 bin 2 ; memo 2 loose unsigned copied ; poem 4 loose unsigned copied ; essay 6 loose unsigned copied . If I staple poem , what will happen ? 5a9d0d316d2d572d
tray 6 stamps 0 bin 7 ; letter 2 stapled unsigned copied ; poem 4 stapled unsigned single ; score 4 loose signed copied . If I staple poem , what will happen ? 8ccfa02cddc313e5
tray 4 stamps 2 bin 1 ; memo 3 stapled unsigned single ; essay 2 loose unsigned single ; will 4 stapled unsigned single . If I staple memo , what will happen ? 2c6c5019e18de60e
tray 3 stamps 0 bin 1 ; essay 5 stapled signed copied ; poem 5 stapled signed copied ; letter gone . If I staple letter , what will happen ? 1b3c5aa1e22f5b71
tray 4 stamps 3 bin 7 ; memo 2 stapled unsigned copied ; letter 4 stapled unsigned single ; poem 6 stapled signed copied . If I staple memo , what will happen ? ff1b9cc46c7962dd
tray 1 stamps 3 bin 3 ; memo 5 stapled signed copied ; treaty 4 loose signed single ; bill gone . If I staple treaty , what will happen ? c349239cf5fc5294
tray 0 stamps 0 bin 7 ; memo 3 loose unsigned copied ; score 2 loose unsigned single ; report gone . If I staple report , what will happen ? ca63c15c3fbe6b6a
tray 1 stamps 1 bin 2 ; report gone ; will gone ; contract 6 loose unsigned single . If I staple will , what will happen ? 28930a22e78a0be1
tray 3 stamps 1 bin 1 ; treaty 6 loose signed copied ; report 5 loose signed single ; memo 3 loose unsigned single . If I staple report , what will happen ? 74588e36f40bba04
tray 2 stamps 3 bin 6 ; contract 2 loose unsigned single ; review 5 stapled unsigned single ; report 6 loose signed copied . If I staple review , what will happen ? 8a48713957592d9c
tray 1 stamps 2 bin 5 ; score 6 loose unsigned single ; bill 4 stapled signed copied ; treaty 2 loose signed copied . If I staple bill , what will happen ? 8a8c65c98edde26d
tray 6 stamps 1 bin 4 ; review 3 loose signed single ; will 3 loose unsigned single ; poem 1 loose unsigned copied . If I staple poem , what will happen ? d128240c275f5ac8
tray 5 stamps 2 bin 4 ; claim 4 stapled signed single ; bill gone ; treaty 6 loose unsigned copied . If I staple bill , what will happen ? f5aa943fe79cbaca
tray 6 stamps 0 bin 1 ; claim 1 loose unsigned single ; letter 5 loose signed copied ; poem 3 stapled signed single . If I staple claim , what will happen ? 870cb97cfa59ef82
tray 4 stamps 3 bin 4 ; score 4 loose unsigned single ; contract 5 loose signed copied ; report 3 stapled signed copied . If I staple contract , what will happen ? b5e1a0c4722639f1
tray 6 stamps 2 bin 3 ; contract 1 loose unsigned copied ; will 6 loose unsigned single ; essay 4 loose signed single . If I staple will , what will happen ? 8bbc6000045ce81c
tray 4 stamps 3 bin 7 ; essay 3 loose signed single ; claim 6 stapled signed single ; bill 2 stapled unsigned copied . If I staple bill , what will happen ? c11e84e72baa4c13
tray 3 stamps 2 bin 5 ; memo 5 loose signed single ; treaty 1 loose signed single ; letter 4 loose signed single . If I staple treaty , what will happen ? e43f8138aeca1003
tray 3 stamps 2 bin 3 ; memo 3 loose unsigned single ; essay 1 loose signed single ; letter 3 loose signed single . If I staple essay , what will happen ? 10fcb5c376cb604a
tray 0 stamps 0 bin 2 ; treaty 6 loose signed copied ; review gone ; claim gone . If I staple review , what will happen ? ec9b3e61c6dc9dd0
tray 6 stamps 2 bin 4 ; letter 6 loose signed single ; will 2 loose unsigned single ; essay 3 loose unsigned copied . If I staple essay , what will happen ? a2becf22d1e3b8b3
tray 1 stamps 2 bin 2 ; bill gone ; claim 3 loose signed single ; memo 1 loose signed single . If I staple memo , what will happen ? abdb4c69d2230142
tray 0 stamps 1 bin 0 ; treaty gone ; letter 5 loose signed copied ; poem 1 loose unsigned copied . If I staple treaty , what will happen ? 44035985983dfcee
tray 3 stamps 3 bin 0 ; contract 4 stapled unsigned single ; letter 6 loose signed single ; report 4 stapled signed copied . If I post letter , what will happen ? 025fe5653de6113d
tray 1 stamps 3 bin 1 ; report 2 loose signed single ; letter 2 stapled signed single ; memo 6 stapled signed single . If I post letter , what will happen ? 91421a53bba1188d
tray 2 stamps 3 bin 6 ; essay 4 loose unsigned copied ; report 3 stapled unsigned copied ; claim 5 stapled signed copied . If I post essay , what will happen ? a2f4d5c276b35d4d
tray 2 stamps 3 bin 0 ; contract gone ; review 6 loose unsigned single ; letter 5 loose unsigned single . If I post contract , what will happen ? e4f493405409decb
tray 5 stamps 0 bin 7 ; treaty 2 loose unsigned copied ; score 5 stapled unsigned copied ; contract gone . If I post contract , what will happen ? 9465c4487ce43e94
tray 2 stamps 1 bin 7 ; claim 5 loose signed copied ; report 1 loose unsigned single ; essay 1 loose signed copied . If I post claim , what will happen ? ab99cf90f7c56e4a
tray 6 stamps 3 bin 6 ; letter gone ; score 3 loose signed single ; will 5 stapled unsigned copied . If I post score , what will happen ? 46b39d47ac73801b
tray 4 stamps 2 bin 1 ; claim 6 loose signed copied ; poem 6 loose unsigned single ; letter 5 loose signed copied . If I post letter , what will happen ? 7f757707fdaff3ed
tray 4 stamps 1 bin 2 ; claim 6 loose unsigned copied ; will 2 stapled signed single ; letter 6 stapled signed copied . If I post letter , what will happen ? cb9ceb4b9b1b1e47
tray 1 stamps 0 bin 3 ; will 2 loose signed copied ; bill 2 loose signed copied ; claim 1 loose unsigned copied . If I post claim , what will happen ? 99ea710ca3e1357b
tray 0 stamps 3 bin 3 ; contract 2 stapled signed copied ; memo 3 loose unsigned single ; treaty 6 loose signed single . If I post memo , what will happen ? 745631b619e46450
tray 4 stamps 1 bin 5 ; will 5 loose signed copied ; letter 2 loose signed single ; treaty 5 loose unsigned single . If I post treaty , what will happen ? 71530b74c5b8c512
tray 4 stamps 0 bin 5 ; essay 3 stapled unsigned single ; review 4 loose unsigned copied ; letter 5 stapled signed single . If I post letter , what will happen ? a6d12c8a485f6278
tray 1 stamps 3 bin 7 ; treaty 4 stapled signed single ; poem gone ; score gone . If I post poem , what will happen ? f815b7486f433b87
tray 0 stamps 0 bin 7 ; memo 4 stapled signed copied ; treaty gone ; will 3 loose signed copied . If I post treaty , what will happen ? e80fb3aee9b522fb
tray 5 stamps 2 bin 0 ; poem 1 loose signed copied ; report 3 stapled unsigned copied ; memo 6 stapled signed copied . If I post poem , what will happen ? b0a136c66f4ddf66
tray 5 stamps 0 bin 5 ; essay gone ; memo 5 stapled signed copied ; score 5 loose signed copied . If I post essay , what will happen ? 09eb248f19f7ead7
tray 5 stamps 3 bin 4 ; bill 1 loose unsigned copied ; report 1 loose signed single ; claim 3 stapled unsigned copied . If I post claim , what will happen ? cf2a38cae3b70d80
tray 3 stamps 3 bin 6 ; essay 3 stapled unsigned copied ; bill 3 loose signed single ; will 6 stapled unsigned single . If I post will , what will happen ? ea772a84c4e5ec1c
tray 5 stamps 1 bin 6 ; contract 4 stapled unsigned single ; will 5 loose signed copied ; poem gone . If I post poem , what will happen ? dea944f932d36b06
tray 6 stamps 0 bin 3 ; review 4 loose unsigned copied ; report 5 stapled signed single ; treaty 3 loose signed copied . If I post review , what will happen ? c3133e8110f812a3
tray 1 stamps 1 bin 3 ; letter 2 stapled signed copied ; poem 2 loose signed single ; memo 2 loose unsigned single . If I post poem , what will happen ? 9f918ac16f158017
tray 6 stamps 2 bin 7 ; contract 6 loose signed single ; memo 2 stapled unsigned single ; treaty 6 loose signed copied . If I post treaty , what will happen ? 46809be77bd3d0f5
tray 4 stamps 3 bin 0 ; poem 4 loose signed copied ; contract 6 stapled signed copied ; review 3 loose signed single . If I post contract , what will happen ? 89c86a97af4f3226
tray 3 stamps 3 bin 6 ; contract 3 loose unsigned single ; claim 4 stapled unsigned single ; letter 5 stapled signed copied . If I post letter , what will happen ? b1c777f593e14293
tray 5 stamps 1 bin 2 ; poem gone ; review 3 stapled signed copied ; will 6 loose unsigned copied . If I post will , what will happen ? f116cd59a1710ed4
tray 3 stamps 3 bin 6 ; essay 5 stapled unsigned single ; claim 3 loose signed copied ; bill 3 loose unsigned single . If I post claim , what will happen ? fedb08f5402916cb
tray 2 stamps 2 bin 2 ; memo 2 loose signed single ; score 4 loose signed copied ; will 1 loose unsigned copied . If I post score , what will happen ? e634fd7baf0bd415
tray 2 stamps 3 bin 6 ; treaty gone ; review 1 loose signed single ; letter 1 loose signed copied . If I post review , what will happen ? 059a427630c1c231
tray 5 stamps 0 bin 0 ; treaty 3 loose unsigned copied ; review 5 loose unsigned copied ; claim 3 loose unsigned copied . If I post treaty , what will happen ? 83f6e7413b879325
tray 1 stamps 3 bin 0 ; contract 5 loose signed single ; will 6 stapled signed single ; memo 2 loose signed single . If I post will , what will happen ? 1429e429aff7e1b7
tray 2 stamps 3 bin 0 ; bill 1 loose signed single ; letter 2 stapled signed single ; poem 1 loose signed copied . If I post bill , what will happen ? f975856ac60822b9
tray 6 stamps 3 bin 3 ; poem 6 loose unsigned single ; will 4 loose unsigned single ; treaty 3 loose signed single . If I post treaty , what will happen ? f5fb62a28059cac1
tray 1 stamps 1 bin 2 ; score 6 loose signed single ; report 6 stapled signed copied ; bill 6 loose unsigned single . If I post score , what will happen ? 0471193ca0a00dbe
tray 2 stamps 1 bin 4 ; claim gone ; poem gone ; review 5 loose unsigned single . If I post claim , what will happen ? 572e48d4c052a084
tray 6 stamps 3 bin 4 ; poem 5 stapled signed copied ; treaty 4 loose signed copied ; score 4 loose signed single . If I post treaty , what will happen ? 1cb7214d912f0bf9
tray 0 stamps 3 bin 7 ; treaty 6 loose unsigned copied ; score 1 loose signed copied ; bill 1 loose signed copied . If I post bill , what will happen ? f477ffdcc155be22
tray 2 stamps 0 bin 0 ; poem 2 stapled signed copied ; will gone ; claim 5 loose unsigned single . If I post will , what will happen ? 60adf747b1642eee
tray 5 stamps 3 bin 0 ; bill gone ; claim 3 stapled unsigned single ; poem 1 loose unsigned single . If I post claim , what will happen ? 4dbbde4dab6baa72
tray 2 stamps 2 bin 3 ; review 2 stapled unsigned single ; memo 6 loose signed copied ; score 1 loose unsigned single . If I post review , what will happen ? a0bb43c0476dc7b4
tray 3 stamps 2 bin 2 ; contract 4 loose unsigned single ; score 1 loose signed single ; poem 6 stapled unsigned copied . If I shred poem , what will happen ? a65a652713430da5
tray 5 stamps 1 bin 1 ; report 2 loose signed single ; letter 5 stapled unsigned copied ; treaty 5 loose unsigned single . If I shred treaty , what will happen ? ecff6903d1abe125
tray 2 stamps 3 bin 1 ; bill 2 stapled signed copied ; report 5 stapled unsigned copied ; claim 5 stapled unsigned single . If I shred report , what will happen ? 25e4691315a0d41d
tray 1 stamps 0 bin 1 ; memo 4 stapled signed copied ; claim 6 loose signed copied ; poem 5 stapled signed copied . If I shred poem , what will happen ? 1e9bd0adb9e4b58e
tray 6 stamps 0 bin 6 ; contract 4 stapled signed single ; letter 2 loose unsigned single ; will 3 stapled signed copied . If I shred letter , what will happen ? 6ffe9f6c867019db
tray 1 stamps 0 bin 3 ; treaty 6 loose signed copied ; score 6 loose unsigned single ; report 5 loose signed copied . If I shred report , what will happen ? b78cc6cf15c1e908
tray 4 stamps 1 bin 6 ; letter 5 stapled signed copied ; review 3 stapled signed single ; claim 5 loose signed single . If I shred claim , what will happen ? 8c499248d1896ded
tray 0 stamps 2 bin 6 ; letter 4 loose unsigned single ; report 4 stapled signed single ; score gone . If I shred score , what will happen ? 10d2c839365226b3
tray 5 stamps 1 bin 3 ; report 5 loose signed single ; claim 6 loose signed copied ; memo 6 loose unsigned single . If I shred report , what will happen ? e7673766be8ecd19
tray 6 stamps 2 bin 7 ; review 4 loose signed copied ; poem 5 stapled unsigned copied ; essay 5 stapled unsigned single . If I shred review , what will happen ? 7d83afed95582a9c
tray 4 stamps 2 bin 3 ; report 5 stapled signed copied ; essay 4 loose unsigned copied ; claim 1 loose signed single . If I shred essay , what will happen ? 9d92b11330866f7a
tray 0 stamps 0 bin 2 ; essay 1 loose signed single ; contract 4 loose unsigned copied ; bill 1 loose unsigned copied . If I shred essay , what will happen ? 6733565e87ade484
tray 1 stamps 3 bin 4 ; contract gone ; claim 2 loose unsigned copied ; poem 4 loose signed single . If I shred contract , what will happen ? af590f36815e1f81
tray 4 stamps 1 bin 6 ; poem 1 loose unsigned copied ; bill gone ; claim 1 loose signed single . If I shred bill , what will happen ? 10871d36b6e8edd4
tray 6 stamps 3 bin 0 ; review 1 loose unsigned single ; treaty 1 loose unsigned single ; poem 2 loose signed copied . If I shred treaty , what will happen ? f190dc3589cf437b
tray 6 stamps 1 bin 6 ; poem 1 loose unsigned copied ; memo 4 stapled signed single ; letter 5 loose unsigned copied . If I shred memo , what will happen ? 842890c47b61408e
tray 6 stamps 0 bin 2 ; review 4 loose unsigned single ; poem 4 stapled signed copied ; contract 4 stapled unsigned copied . If I shred contract , what will happen ? 7a56d5bc5bef4f4b
tray 3 stamps 1 bin 7 ; claim 4 loose signed single ; review 2 loose unsigned copied ; will gone . If I shred will , what will happen ? 323f999d8debd364
tray 6 stamps 1 bin 3 ; bill gone ; score 6 loose signed copied ; treaty 3 loose signed single . If I shred bill , what will happen ? 75af96e465d15cba
tray 0 stamps 1 bin 6 ; poem 5 loose signed copied ; bill 6 loose unsigned single ; will 1 loose signed copied . If I shred will , what will happen ? c928ee992fd9bc03
tray 6 stamps 0 bin 0 ; review 4 loose unsigned copied ; memo 4 stapled unsigned copied ; essay gone . If I shred essay , what will happen ? 7faef644f89af74d
tray 2 stamps 1 bin 7 ; claim 3 loose signed single ; contract gone ; treaty 3 stapled signed copied . If I shred contract , what will happen ? bf5c8cf37a761cad
tray 5 stamps 3 bin 0 ; contract 3 stapled signed single ; review 3 stapled signed single ; bill gone . If I shred review , what will happen ? 358e3c040f98a3bc
tray 0 stamps 0 bin 5 ; letter 1 loose unsigned copied ; review 5 loose signed copied ; will 2 loose signed single . If I shred letter , what will happen ? a60b6fb670621b22
tray 2 stamps 2 bin 2 ; bill 4 stapled signed copied ; essay 5 loose unsigned copied ; letter 1 loose signed single . If I shred essay , what will happen ? 81d8d3f89873f5f6
tray 5 stamps 2 bin 7 ; score 2 loose signed copied ; will 4 loose signed single ; essay 3 loose signed single . If I shred will , what will happen ? 44245e24b8397b82
tray 5 stamps 1 bin 2 ; treaty 2 loose unsigned single ; letter 6 stapled unsigned single ; will 2 stapled signed copied . If I shred treaty , what will happen ? 92fd2ff935bbec57
tray 2 stamps 3 bin 7 ; will 6 stapled unsigned copied ; letter 6 loose signed copied ; treaty 5 loose unsigned single . If I shred treaty , what will happen ? e12b74dc27d93e13
tray 0 stamps 0 bin 7 ; memo 5 stapled signed single ; bill 3 loose unsigned copied ; report 3 loose unsigned copied . If I shred bill , what will happen ? 7826a65002f8b7f3
tray 5 stamps 3 bin 0 ; memo 4 loose signed copied ; score 2 loose unsigned single ; treaty 1 loose signed copied . If I shred treaty , what will happen ? d5ae6365f965e28c
tray 0 stamps 0 bin 6 ; report 5 stapled signed single ; will 4 loose signed copied ; review gone . If I shred will , what will happen ? df971c5c56ae2e72
tray 4 stamps 1 bin 5 ; score 5 loose signed copied ; review 3 loose unsigned copied ; will 4 loose unsigned single . If I shred score , what will happen ? bbf9c9b6ab36a3bd
tray 0 stamps 2 bin 7 ; bill 5 stapled signed single ; review 6 loose unsigned copied ; will 6 loose signed copied . If I shred bill , what will happen ? 28b41cc98055ea74
tray 0 stamps 1 bin 5 ; report 6 loose unsigned copied ; bill 4 stapled signed copied ; treaty 3 loose unsigned single . If I shred treaty , what will happen ? d61b40f8829af844
tray 1 stamps 0 bin 1 ; treaty 1 loose unsigned copied ; report 3 loose unsigned copied ; contract gone . If I shred treaty , what will happen ? 98f0bbf73d1254ab
tray 4 stamps 2 bin 5 ; bill gone ; report 4 stapled unsigned single ; contract 6 loose signed single . If I shred bill , what will happen ? 641791e4605733b3
tray 2 stamps 1 bin 3 ; treaty 1 loose unsigned single ; poem 6 loose unsigned copied ; score 2 loose signed single . If I shred score , what will happen ? 306d90bbfecca954
tray 4 stamps 3 bin 1 ; score gone ; will 6 loose unsigned single ; poem 1 loose signed single . If I shred will , what will happen ? 040d0a175ea89401
tray 3 stamps 1 bin 3 ; contract 2 stapled unsigned copied ; review 3 stapled unsigned single ; score 3 stapled signed copied . If I shred contract , what will happen ? 02c9a2c73c3de6a9
tray 5 stamps 2 bin 7 ; bill 3 stapled signed copied ; treaty 6 loose signed copied ; score 3 loose unsigned copied . If I shred score , what will happen ? b96b5acaa6339928
"""
