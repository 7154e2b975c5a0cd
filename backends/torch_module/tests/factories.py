"""What a user writes: factories, in a module of their own. The tests put this file where Python finds it."""

import torch
from torch import nn


class Small(nn.Module):
    """A decoder and an encoder of 8 x 8 images."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.down, self.up = nn.Linear(64, 6), nn.Sequential(nn.Linear(3, width), nn.SiLU(), nn.Linear(width, 64))

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.up(z)).unflatten(1, (1, 8, 8))

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.down(x.flatten(1)).chunk(2, 1)


def small(width: int = 16) -> nn.Module:
    return Small(width)


def generator() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 16), nn.Tanh())


def program() -> torch.export.ExportedProgram:
    return torch.export.export(generator(), (torch.zeros(2, 3),), dynamic_shapes=({0: torch.export.Dim("n")},))


class Tied(nn.Module):
    """A decoder and an encoder that share: a matrix, its transpose, a layer, or a part of a packed one."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.back, self.forth = nn.Linear(12, 12, bias=False), nn.Linear(12, 12, bias=False)
        if how == "same":
            self.forth.weight = self.back.weight
        elif how == "transposed":
            self.forth.weight = nn.Parameter(self.back.weight.T)
        elif how == "layer":
            self.forth = self.back
        elif how == "part":
            self.register_buffer("rows", self.back.weight.data[3:6])

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.back(self.forth(z)))


def tied(how: str) -> nn.Module:
    return Tied(how)


def nothing() -> dict[str, int]:
    return {}


def failing() -> nn.Module:
    raise OSError("no such\ndisk")


class External(nn.Module):
    """The convolutional VAE of YannDubs/disentangling-vae, for images of 1 x 32 x 32."""

    def __init__(self) -> None:
        super().__init__()
        conv = {"kernel_size": 4, "stride": 2, "padding": 1}
        self.encoder = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(1, 32, **conv),
                "conv2": nn.Conv2d(32, 32, **conv),
                "conv3": nn.Conv2d(32, 32, **conv),
                "lin1": nn.Linear(512, 256),
                "lin2": nn.Linear(256, 256),
                "mu_logvar_gen": nn.Linear(256, 20),
            }
        )
        self.decoder = nn.ModuleDict(
            {
                "lin1": nn.Linear(10, 256),
                "lin2": nn.Linear(256, 256),
                "lin3": nn.Linear(256, 512),
                "convT1": nn.ConvTranspose2d(32, 32, **conv),
                "convT2": nn.ConvTranspose2d(32, 32, **conv),
                "convT3": nn.ConvTranspose2d(32, 1, **conv),
            }
        )

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        for name in ("conv1", "conv2", "conv3"):
            x = torch.relu(self.encoder[name](x))
        x = x.flatten(1)
        for name in ("lin1", "lin2"):
            x = torch.relu(self.encoder[name](x))
        return self.encoder["mu_logvar_gen"](x).unflatten(1, (10, 2)).unbind(-1)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        for name in ("lin1", "lin2", "lin3"):
            z = torch.relu(self.decoder[name](z))
        x = z.unflatten(1, (32, 4, 4))
        for name in ("convT1", "convT2"):
            x = torch.relu(self.decoder[name](x))
        return torch.sigmoid(self.decoder["convT3"](x))


def external() -> nn.Module:
    return External()
