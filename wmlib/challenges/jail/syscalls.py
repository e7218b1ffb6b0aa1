"""What the kernel refuses to a jailed process beyond what it has no right to: a seccomp program.

Namespaces and limits do not cover everything. Memory files (`memfd_create`), System V memory and
shared memory without a name need not be mapped to be held, and count to no process then; `AF_VSOCK` sockets reach a virtual machine's host past the network namespace;
the rest are doors that no exercise needs and that kernel bugs were found behind.
"""

from __future__ import annotations

import platform
import struct

EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NAMESPACES = 0x7E020000  # the flags of clone(2) that make new namespaces
LOCAL = 1  # the one family of sockets: even those that lead nowhere take memory that all share

# (number on x86_64, number on aarch64)
MISSING = {"clone3": (435, 435), "memfd_create": (319, 279), "memfd_secret": (447, 447)}
REFUSED = {
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "syslog": (103, 116),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
CLONE, SOCKET, MMAP = (56, 220), (41, 198), (9, 222)
SHARED, NAMELESS = 0x01, 0x20  # flags of mmap(2)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH


def program(machine: str | None = None) -> bytes | None:
    """The filter for a kind of machine (this one by default); None where its numbers are not known."""
    if (machine or platform.machine()) not in MACHINES:
        return None
    column, architecture = MACHINES[machine or platform.machine()]
    load = lambda offset: [(0x20, 0, 0, offset)]  # a 32-bit word of struct seccomp_data
    answer = lambda value: [(0x06, 0, 0, value)]
    when = lambda value, steps: [(0x15, 0, len(steps), value), *steps]  # equal: do the steps

    code = [*load(4), (0x15, 1, 0, architecture), *answer(KILL), *load(0)]
    if column == 0:  # the second numbering of x86_64
        code += [(0x35, 0, 1, 0x40000000), *answer(KILL)]
    for numbers in MISSING.values():
        code += when(numbers[column], answer(REFUSE | ENOSYS))  # callers fall back on the old way
    for numbers in REFUSED.values():
        code += when(numbers[column], answer(REFUSE | EPERM))
    new = [*load(16), (0x45, 0, 1, NAMESPACES), *answer(REFUSE | EPERM), *answer(ALLOW)]
    shared = [*load(40), (0x45, 0, 2, NAMELESS), (0x45, 0, 1, SHARED)]  # both flags
    shared += [*answer(REFUSE | EPERM), *answer(ALLOW)]
    local = [*load(16), *when(LOCAL, answer(ALLOW)), *answer(REFUSE | EAFNOSUPPORT)]
    code += when(CLONE[column], new)
    code += when(MMAP[column], shared)
    code += when(SOCKET[column], local)
    code += answer(ALLOW)
    return b"".join(struct.pack("=HBBI", *step) for step in code)
