"""A torch module, or a method of one, is a decoder or an encoder as it is."""

import pickle
import warnings
from typing import Any

import numpy as np
import pytest

import latentot as lot
from latentot.models import decoded, encoded

torch = pytest.importorskip("torch")


class Net(torch.nn.Module):  # type: ignore[misc,name-defined]
    """Data of four numbers, latents of two."""

    def __init__(self, dropped: float = 0.0) -> None:
        super().__init__()
        self.out, self.back = torch.nn.Linear(2, 4), torch.nn.Linear(4, 4)
        self.dropped = torch.nn.Dropout(dropped) if dropped else torch.nn.Identity()

    def forward(self, z: Any) -> Any:
        return self.dropped(self.out(z)).tanh()

    def encode(self, x: Any) -> Any:
        mean, log_variance = self.back(x).chunk(2, 1)
        return mean, (log_variance / 2).exp()


def made(net: Any, **facts: Any) -> lot.Model:
    return lot.Model(lot.Normal(2), net, net.encode, **facts)


@pytest.mark.parametrize("precision", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("given", ["module", "method"])
def test_decodes_and_encodes_arrays(given: str, precision: Any) -> None:
    net = Net().to(precision)
    model = lot.Model(lot.Normal(2), net if given == "module" else net.forward, net.encode)
    z = np.linspace(-1, 1, 6).reshape(3, 2)
    z.flags.writeable = False
    with torch.no_grad():
        expected = net(torch.tensor(z, dtype=precision)).double().numpy()
    x = decoded(model, z)
    assert x.dtype == (np.float64 if precision == torch.float64 else np.float32)
    np.testing.assert_array_equal(x, expected)
    assert encoded(model, x).mean.shape == (3, 2)


def test_conforms_and_carries_gradients() -> None:
    torch.manual_seed(0)
    report = lot.check_model(made(Net(), gradients="torch"))
    report.raise_on_failure()
    assert {result.check: result.outcome for result in report.results}["gradients"] == "passed"


def test_says_what_it_is_and_travels_to_workers() -> None:
    model = made(Net())
    assert "decode=Net, encode=Net.encode" in repr(model)
    copy = pickle.loads(pickle.dumps(model))  # noqa: S301
    np.testing.assert_array_equal(copy.decode(np.ones((2, 2))), model.decode(np.ones((2, 2))))


def test_training_mode_is_told_where_it_counts() -> None:
    with pytest.warns(UserWarning, match=r"^Net is in training mode, on which Dropout depends: call its eval\(\)$"):
        made(Net(0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made(Net(0.5).eval())
        made(Net())
