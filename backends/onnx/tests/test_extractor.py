"""Features of an ONNX file: the network's numbers, whatever rows are beside a row."""

from pathlib import Path

import numpy as np
import pytest
import torch

import latentot as lot
from latentot.features import FEATURES, resized
from latentot_onnx import load_features

X = np.random.default_rng(0).random((12, 3, 8, 8))


class Seeing(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.classes = torch.nn.Conv2d(3, 5, 3), torch.nn.Linear(5, 4)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = torch.relu(self.convolution(x)).mean(dim=(2, 3), keepdim=True)
        return found, self.classes(found.flatten(1))


@pytest.fixture(scope="module")
def network() -> Seeing:
    torch.manual_seed(0)
    return Seeing().eval()


@pytest.fixture(scope="module")
def file(network: Seeing, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("exported") / "seeing.onnx"
    names = {"input_names": ["images"], "output_names": ["found", "logits"]}
    shapes = ({0: torch.export.Dim("n")},)
    torch.onnx.export(
        network,
        (torch.zeros(2, 3, 8, 8),),
        str(path),
        dynamic_shapes=shapes,
        external_data=False,
        verbose=False,
        **names,
    )
    return str(path)


def test_features_and_probabilities_are_those_of_torch(network: Seeing, file: str) -> None:
    seen = load_features(file, output="found", logits="logits")
    with torch.inference_mode():
        found, logits = network(torch.tensor(X, dtype=torch.float32))
    np.testing.assert_allclose(seen(X), found.flatten(1), atol=1e-5)
    np.testing.assert_allclose(seen.probabilities(X), torch.softmax(logits, dim=1), atol=1e-5)
    assert seen(X).dtype == np.float64


def test_a_row_does_not_depend_on_the_batch(file: str) -> None:
    seen = load_features(file, output="found")
    np.testing.assert_array_equal(seen(X)[5:6], seen(X[5:6]))


def test_images_are_scaled_resized_and_made_coloured(network: Seeing, file: str) -> None:
    grey = np.random.default_rng(1).random((2, 1, 16, 16))
    seen = load_features(file, output="found", low=-1, high=1)
    given = 2 * np.repeat(resized(grey, (8, 8)), 3, axis=1) - 1
    with torch.inference_mode():
        found, _ = network(torch.tensor(given))
    np.testing.assert_allclose(seen(grey), found.flatten(1), atol=1e-5)


@pytest.mark.skipif("onnx" not in FEATURES.names(), reason="an older installation of latentot-onnx: install it again")
def test_it_is_found_by_its_name(file: str) -> None:
    assert lot.feature_extractor(f"onnx:{file}", output="found")(X).shape == (12, 5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "has 2 outputs, found .*; 1 is expected: say which, as output"),
        ({"logits": "logits"}, "say which are features, output=NAME"),
        ({"output": "fuond"}, "did you mean 'found'"),
        ({"output": "found", "device": "tpu"}, "the device 'tpu' is not available"),
    ],
)
def test_what_does_not_fit(file: str, options: dict, message: str) -> None:
    with pytest.raises(lot.InputError, match=message):
        load_features(file, **options)


def test_what_does_not_fit_when_it_is_called(file: str, tmp_path: Path) -> None:
    seen = load_features(file, output="found", resize=False)
    with pytest.raises(lot.InputError, match=r"takes shape \(n, 3, 8, 8\), got"):
        seen(X[..., :4])
    with pytest.raises(lot.InputError, match="has no logits"):
        seen.probabilities(X)
    with pytest.raises(lot.InputError, match="cannot read the file"):
        load_features(str(tmp_path / "none.onnx"))
