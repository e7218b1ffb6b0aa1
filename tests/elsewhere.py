"""A second device made of the first one's numbers: what was left on the CPU is told, without a GPU.

    with another_device() as there:
        model = NeuralDynamics(4, space, device=there)

Its tensors call themselves `meta`, and unlike torch's meta tensors they have values, so that whole
learners run on it. As on a GPU, an operation on tensors of two devices is an error, so is a CPU's
generator that is to draw there, and so is `numpy()` before `cpu()`.
"""

from contextlib import ExitStack, contextmanager
from unittest import mock

import torch
from torch.optim import optimizer
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

HERE, THERE = torch.device("cpu"), torch.device("meta")
# These may read from the other device: copies, and an index that lies on the CPU.
COPIES, INDEX = {"_to_copy", "copy_"}, {"index", "index_put", "index_put_", "_index_put_impl_"}


class Away(torch.Tensor):
    """A tensor on the other device; `here` holds its numbers."""

    def __new__(cls, here):
        layout = {"strides": here.stride(), "storage_offset": here.storage_offset()}
        away = torch.Tensor._make_wrapper_subclass(
            cls, here.shape, **layout, dtype=here.dtype, device=THERE
        )
        away.here = here
        return away

    is_meta = False
    __torch_function__ = torch._C._disabled_torch_function_impl

    def numpy(self, *_, **__):
        raise TypeError("a tensor of another device is no array: call .cpu() first")

    __array__ = numpy

    def __reduce_ex__(self, protocol):  # a file's numbers are read into the CPU first
        return self.here.__reduce_ex__(protocol)

    def tolist(self):
        return self.cpu().tolist()

    def new_tensor(self, data, dtype=None):
        return torch.tensor(data, dtype=dtype or self.dtype).to(THERE)

    def __getitem__(self, index):
        places = index if isinstance(index, tuple) else (index,)
        return super().__getitem__(
            tuple(torch.tensor(i) if isinstance(i, list) else i for i in places)
        )

    @classmethod
    def __torch_dispatch__(cls, operation, types, args=(), kwargs=None):
        return computed(operation, args, kwargs or {})


class Elsewhere(TorchDispatchMode):
    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        return computed(operation, args, kwargs or {})


def computed(operation, args, kwargs):
    """An operation, by the rules of two devices, on the CPU's numbers."""
    name = operation.overloadpacket.__name__
    given, shape = tree_flatten((args, kwargs))
    tensors = [x for x in given if isinstance(x, torch.Tensor)]
    away = [x for x in tensors if isinstance(x, Away)]
    left = [x for x in tensors if not isinstance(x, Away) and x.ndim]
    if away and left and name not in COPIES and not (name in INDEX and tensors[0] is away[0]):
        raise RuntimeError(f"{name}: tensors on two devices, of shape {left[0].shape} on the CPU")
    assert not any(x.is_meta for x in left), f"{name} is given a tensor that has no values"
    device = kwargs.get("device")
    goes_away = bool(away) if device is None else torch.device(device) == THERE
    if goes_away and any(isinstance(x, torch.Generator) for x in given):
        raise RuntimeError(f"{name}: a generator of the CPU cannot draw on another device")
    plain = [HERE if isinstance(x, torch.device) else getattr(x, "here", x) for x in given]
    args_here, kwargs_here = tree_unflatten(plain, shape)
    answer = operation(*args_here, **kwargs_here)
    if isinstance(answer, torch.Tensor) and any(answer is x for x in plain):
        return given[next(i for i, x in enumerate(plain) if x is answer)]  # it was changed in place
    if not goes_away:
        return answer
    return tree_map(lambda x: Away(x) if isinstance(x, torch.Tensor) else x, answer)


def enter(mode):
    """Inference mode remembers no gradients; the rest of it passes by what computes here."""
    mode.before = torch.is_grad_enabled()
    torch.set_grad_enabled(mode.before and not mode.mode)


def leave(mode, *error):
    torch.set_grad_enabled(mode.before)


@contextmanager
def another_device():
    """Within it, the device that is given can be used like any other."""
    fused, make = optimizer._get_fused_kernels_supported_devices, torch.tensor
    with ExitStack() as changed:
        for owner, name, other in (
            (optimizer, "_get_fused_kernels_supported_devices", lambda: [*fused(), THERE.type]),
            (torch, "tensor", lambda *a, device="cpu", **k: make(*a, **k).to(device)),
            (torch.inference_mode, "__enter__", enter),
            (torch.inference_mode, "__exit__", leave),
        ):
            changed.enter_context(mock.patch.object(owner, name, other))
        changed.enter_context(Elsewhere())
        yield THERE
