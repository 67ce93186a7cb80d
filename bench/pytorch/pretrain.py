"""SimCLR pretraining end to end in PyTorch, augmentation included: as lightly documents it, as a careful user does it, and as fast as we could write it.

Started by `npm run bench -- pretrain --python <interpreter with torch, torchvision and lightly>`; prints one line of JSON. Network and optimiser are those of
step.py. All three take random resized crops, flips, jitter and blur with SimCLR's settings; see bench/pretrain.ts for what differs.
"""

import argparse
import json
import math
import multiprocessing
import os
import pathlib
import resource
import tempfile
import time

import torch
import torch.nn.functional as F
from PIL import Image
from step import BLOCKS, network, nt_xent
from torch.utils.data import DataLoader, Dataset

TRIAL = 6  # batches with which each number of workers is tried


def image_files(folder):
    return sorted(path for path in pathlib.Path(folder).glob("*/*.png") if path.parent.name in ("benign", "malignant") and "_mask" not in path.name)


class Lightly:
    """PIL images from the folder through lightly's own data set, transform and loss, as its SimCLR example."""

    def __init__(self, options):
        os.environ["LIGHTLY_DID_VERSION_CHECK"] = "True"  # it would ask its makers' server
        from lightly.data import LightlyDataset
        from lightly.loss import NTXentLoss
        from lightly.transforms import SimCLRTransform

        self.folder = tempfile.TemporaryDirectory(prefix="sonomark-bench-")
        for number, path in enumerate(image_files(options.data)):
            os.symlink(path.resolve(), f"{self.folder.name}/{number}.png")
        self.dataset = LightlyDataset(input_dir=self.folder.name, transform=SimCLRTransform(input_size=options.side))
        criterion = NTXentLoss(temperature=options.temperature)
        self.loss = lambda z: criterion(*z.chunk(2))

    @staticmethod
    def views(batch):
        views, _, _ = batch
        return torch.cat([view[:, :1] for view in views])  # grey: three equal channels


class Frames(Dataset):
    """Grey frames, decoded once, as bytes in memory, two views each."""

    def __init__(self, options, transform=None):
        self.transform = transform
        side = options.side
        frames = []
        for path in image_files(options.data):
            image = Image.open(path).convert("L")
            image.thumbnail((side, side))
            frame = Image.new("L", (side, side))
            frame.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
            frames.append(torch.frombuffer(bytearray(frame.tobytes()), dtype=torch.uint8).reshape(1, side, side))
        self.frames = torch.stack(frames)

    def __len__(self):
        return len(self.frames)

    def __getitem__(self, index):
        frame = self.frames[index]
        return self.transform(frame), self.transform(frame)


class Careful:
    """torchvision's transforms on tensors, image by image."""

    def __init__(self, options):
        from torchvision.transforms import v2

        transform = v2.Compose(
            [
                v2.RandomResizedCrop(options.side, scale=(0.08, 1), antialias=True),
                v2.RandomHorizontalFlip(),
                v2.RandomApply([v2.ColorJitter(0.8, 0.8)], 0.8),
                v2.RandomApply([v2.GaussianBlur(5, (0.1, 1.0))], 0.5),
                v2.ToDtype(torch.float32, scale=True),
            ]
        )
        self.dataset = Frames(options, transform)
        self.loss = lambda z: nt_xent(z, options.temperature)

    @staticmethod
    def views(batch):
        return torch.cat(batch)


class Best:
    """The whole batch at once: one affine grid, light as products, blur as one convolution mixed in."""

    def __init__(self, options):
        self.frames = Frames(options).frames
        self.side = options.side
        self.images = options.images
        self.loss = lambda z: nt_xent(z, options.temperature)
        line = torch.tensor([1.0, 4, 6, 4, 1]) / 16
        self.kernel = (line[:, None] * line[None]).reshape(1, 1, 5, 5)

    def batches(self):
        while True:
            order = torch.randperm(len(self.frames))
            for at in range(0, len(order) - self.images + 1, self.images):
                yield order[at : at + self.images]

    def views(self, indices):
        x = self.frames[indices].float().div_(255).repeat(2, 1, 1, 1)
        n = len(x)
        scale = torch.empty(n).uniform_(0.08, 1)
        aspect = torch.empty(n).uniform_(math.log(3 / 4), math.log(4 / 3)).exp_()
        width, height = (scale * aspect).sqrt().clamp_(max=1), (scale / aspect).sqrt().clamp_(max=1)
        flip = torch.randint(0, 2, (n,)) * 2.0 - 1
        theta = torch.zeros(n, 2, 3)
        theta[:, 0, 0], theta[:, 1, 1] = width * flip, height
        theta[:, 0, 2] = (torch.rand(n) * 2 - 1) * (1 - width)
        theta[:, 1, 2] = (torch.rand(n) * 2 - 1) * (1 - height)
        grid = F.affine_grid(theta, (n, 1, self.side, self.side), align_corners=False)
        x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
        jittered = (torch.rand(n, 1, 1, 1) < 0.8).float()
        x = (x * (1 + jittered * torch.empty(n, 1, 1, 1).uniform_(-0.8, 0.8))).clamp_(0, 1)
        x = x.pow(torch.exp2(jittered * torch.empty(n, 1, 1, 1).uniform_(-0.8, 0.8)))
        share = (torch.rand(n, 1, 1, 1) < 0.5).float() * torch.empty(n, 1, 1, 1).uniform_(0.01, 1)
        return torch.lerp(x, F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), self.kernel), share)


VARIANTS = {"lightly": Lightly, "careful": Careful, "best": Best}


def own_kilobytes(process):
    """Memory that a worker shares with nobody; what it shares is counted with its parent."""
    lines = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def processor_seconds():
    """Of this process and its workers, all threads."""
    fields = [pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split() for process in multiprocessing.active_children()]
    return time.process_time() + sum(int(user) + int(system) for user, system in (each[11:13] for each in fields)) / os.sysconf("SC_CLK_TCK")


def endless(loader):
    while True:
        yield from loader


def loader_of(source, options, workers):
    settings = {"persistent_workers": True, "prefetch_factor": 4} if workers else {}
    return endless(DataLoader(source.dataset, batch_size=options.images, shuffle=True, drop_last=True, num_workers=workers, **settings))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", choices=VARIANTS, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--name", choices=BLOCKS, required=True)
    for option in ("width", "side", "images", "threads", "warm-up", "steps", "embedding"):
        parser.add_argument(f"--{option}", type=int, required=True)
    for option in ("temperature", "learning-rate", "momentum"):
        parser.add_argument(f"--{option}", type=float, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    source = VARIANTS[options.variant](options)
    model = network(options.name, options.width, options.embedding).to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(model.parameters(), lr=options.learning_rate, momentum=options.momentum)

    def run(batches, steps):
        start = time.perf_counter()
        for _ in range(steps):
            views = source.views(next(batches)).to(memory_format=torch.channels_last)
            optimiser.zero_grad(set_to_none=True)
            loss = source.loss(model(views))
            loss.backward()
            optimiser.step()
            loss.item()
        return (time.perf_counter() - start) / steps

    workers = 0
    if hasattr(source, "batches"):
        batches = source.batches()
    else:
        found = {}
        for number in (0, 1, 2):
            trial = loader_of(source, options, number)
            run(trial, 2)
            found[number] = run(trial, TRIAL)
            del trial
        workers = min(found, key=found.get)
        batches = loader_of(source, options, workers)
    run(batches, options.warm_up)
    cpu = processor_seconds()
    seconds = run(batches, options.steps)
    cpu = processor_seconds() - cpu
    children = sum(own_kilobytes(process) for process in multiprocessing.active_children())
    result = {
        "milliseconds": 1000 * seconds,
        "cpuMilliseconds": 1000 * cpu / options.steps,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children) / 1024,
        "note": f"{workers} workers" if not hasattr(source, "batches") else "",
        "engine": f"PyTorch {torch.__version__}",
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
