"""Nodes for ComfyUI that blend noise and latents so that their law is kept: put this folder into custom_nodes."""

from .nodes import BlendLatents, BlendNoise

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS"]

NODE_CLASS_MAPPINGS = {"LatentotBlendNoise": BlendNoise, "LatentotBlendLatents": BlendLatents}
NODE_DISPLAY_NAME_MAPPINGS = {
    "LatentotBlendNoise": "Blend Noise (law kept)",
    "LatentotBlendLatents": "Blend Latents (law kept)",
}
