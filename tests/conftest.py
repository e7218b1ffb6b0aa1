import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest  # noqa: E402
from built import build, built, chromium, site  # noqa: E402, F401
from repository import tool  # noqa: E402

tool("notebooks").needs_a_home(os.environ)  # kernels write there


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    import torch

    torch.set_num_threads(1)
