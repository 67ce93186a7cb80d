"""The fine-tuning benchmark's step in PyTorch, channels-last: the same network, head, loss and optimiser as bench/finetune-step.ts.

Started by `npm run bench -- finetune-step --against pytorch --python <interpreter with torch>`; prints one line of JSON.
"""

import argparse
import json
import resource
import statistics
import time

import torch
import torch.nn.functional as F
from step import BLOCKS, Block, conv_norm
from torch import nn

STRIDES = {8: (2, 2, 1, 1), 16: (2, 2, 2, 1), 32: (2, 2, 2, 2)}  # of resnet10's stages after the stem
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]


def same(size, source, target, stride, groups=1):
    """A convolution with the padding of TensorFlow on even sides, and its norm."""
    pad = (size - 1) // 2
    before = [nn.ZeroPad2d((pad - stride + 1, pad, pad - stride + 1, pad))] if stride == 2 else []
    conv = nn.Conv2d(source, target, size, stride, 0 if before else pad, groups=groups, bias=False)
    return nn.Sequential(*before, conv, nn.BatchNorm2d(target, eps=1e-3))


class Inverted(nn.Module):
    def __init__(self, size, source, target, stride, expansion, shortcut):
        super().__init__()
        inner = expansion * source
        expand = [same(1, source, inner, 1), nn.ReLU6(inplace=True)] if expansion > 1 else []
        depthwise = [same(size, inner, inner, stride, inner), nn.ReLU6(inplace=True)]
        self.branch = nn.Sequential(*expand, *depthwise, same(1, inner, target, 1))
        self.shortcut = shortcut

    def forward(self, x):
        return self.branch(x) + x if self.shortcut else self.branch(x)


class Pixels(nn.Module):
    def forward(self, x):
        return x * (255 / 128) - 127 / 128


def lite(width, output_stride):
    scaled = lambda channels: channels * width // 16
    layers = [Pixels(), same(3, 1, scaled(32), 2), nn.ReLU6(inplace=True)]
    source, reached = scaled(32), 2
    for blocks, size, stride, expansion, channels in STAGES:
        for i in range(blocks):
            taken = stride if i == 0 and reached < output_stride else 1
            reached *= taken
            layers.append(Inverted(size, source, scaled(channels), taken, expansion, i > 0))
            source = scaled(channels)
    return nn.Sequential(*layers, same(1, source, scaled(1280), 1), nn.ReLU6(inplace=True)), scaled(1280)


def resnet(name, width, output_stride):
    layers = [conv_norm(3, 1, width, 2), nn.ReLU(inplace=True)]
    source = width
    for stage, stride in enumerate(STRIDES[output_stride]):
        for block in range(BLOCKS[name]):
            layers.append(Block(source, width << stage, stride if block == 0 else 1))
            source = width << stage
    return nn.Sequential(*layers), source


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", choices=[*BLOCKS, "efficientnet-lite0"], required=True)
    for option in ("width", "side", "images", "classes", "threads", "warm-up", "steps", "output-stride"):
        parser.add_argument(f"--{option}", type=int, required=True)
    for option in ("learning-rate", "momentum", "weight-decay"):
        parser.add_argument(f"--{option}", type=float, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    sizes = (options.width, options.output_stride)
    body, features = lite(*sizes) if options.name == "efficientnet-lite0" else resnet(options.name, *sizes)
    model = nn.Sequential(body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, options.classes))
    model = model.to(memory_format=torch.channels_last)
    frames = torch.rand(options.images, 1, options.side, options.side).to(memory_format=torch.channels_last)
    labels = torch.arange(options.images) % options.classes
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": options.weight_decay}, {"params": others, "weight_decay": 0}]
    optimiser = torch.optim.SGD(groups, lr=options.learning_rate, momentum=options.momentum)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(frames), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    for _ in range(options.warm_up):
        step()
    cpu = time.process_time()
    times = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    result = {
        "milliseconds": statistics.median(times),
        "cpuMilliseconds": 1000 * (time.process_time() - cpu) / options.steps,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "engine": f"PyTorch {torch.__version__}",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
