"""The step benchmark's SimCLR step in PyTorch, channels-last: the same pool-free network, head, loss and optimiser as bench/step/ours.ts.

Started by `npm run bench -- step --against pytorch --python <interpreter with torch>`; prints one line of JSON.
"""

import argparse
import json
import resource
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

BLOCKS = {"resnet10": 1, "resnet18": 2}  # blocks a stage


def conv_norm(size, source, target, stride):
    return nn.Sequential(nn.Conv2d(source, target, size, stride, size // 2, bias=False), nn.BatchNorm2d(target))


class Block(nn.Module):
    def __init__(self, source, target, stride):
        super().__init__()
        self.branch = nn.Sequential(conv_norm(3, source, target, stride), nn.ReLU(inplace=True), conv_norm(3, target, target, 1))
        nn.init.zeros_(self.branch[2][1].weight)
        pool = [nn.AvgPool2d(2)] if stride == 2 else []
        self.shortcut = nn.Sequential(*pool, conv_norm(1, source, target, 1)) if stride == 2 or source != target else nn.Identity()

    def forward(self, x):
        return F.relu(self.branch(x) + self.shortcut(x), inplace=True)


def network(name, width, embedding):
    layers = [conv_norm(3, 1, width, 2), nn.ReLU(inplace=True)]
    source = width
    for stage in range(4):
        for block in range(BLOCKS[name]):
            layers.append(Block(source, width << stage, 2 if block == 0 else 1))
            source = width << stage
    head = [nn.Linear(source, source, bias=False), nn.BatchNorm1d(source), nn.ReLU(inplace=True), nn.Linear(source, embedding, bias=False)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)


def nt_xent(z, temperature):
    z = F.normalize(z)
    similarity = z @ z.T / temperature
    similarity.fill_diagonal_(-1e9)
    n = len(z) // 2
    return F.cross_entropy(similarity, torch.arange(2 * n).roll(n))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", choices=BLOCKS, required=True)
    for option in ("width", "side", "images", "threads", "warm-up", "steps", "embedding"):
        parser.add_argument(f"--{option}", type=int, required=True)
    for option in ("temperature", "learning-rate", "momentum"):
        parser.add_argument(f"--{option}", type=float, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = network(options.name, options.width, options.embedding).to(memory_format=torch.channels_last)
    views = torch.rand(2 * options.images, 1, options.side, options.side).to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(model.parameters(), lr=options.learning_rate, momentum=options.momentum)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = nt_xent(model(views), options.temperature)
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
        "leaked": 0,
        "engine": f"PyTorch {torch.__version__}",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
