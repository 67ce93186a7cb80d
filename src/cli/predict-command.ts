/** @file `sonomark predict`: class probabilities of image files, by a fitted model. */
import { Command } from "@commander-js/extra-typings";
import { jsonOption, storeOf, storeOption } from "./options.ts";
import { exitCodeOf, spawnRoom } from "./spawn-room.ts";

export const predictCommand = () =>
  new Command("predict")
    .description("Class probabilities of PNG, JPEG, TIFF, BMP and DICOM files, decoded and fitted as in training: CSV on stdout.")
    .argument("<files...>", "images, or folders whose images are predicted; of a DICOM file each frame and 2-D region")
    .requiredOption(
      "--model <what>",
      "an .onnx file that sonomark exported, a folder with classifier.safetensors and config.json, or the id or name of a run: a fold's model, or a study, whose fold models are averaged",
    )
    .option(
      "--threshold <rule>",
      "what decides: youden or cost as chosen in training, a probability of the positive class, or most-probable (default: the first that the model has)",
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nA study's own images were in the training of most of its fold models: their honest predictions are in oof-predictions.csv of the study.\nExit code 1 where a file could not be read; the others are predicted all the same.",
    )
    .action(async (files, { model, threshold, store, json }) => {
      const options = [
        "--model",
        model,
        "--cwd",
        process.cwd(),
        "--store",
        storeOf(store).uri,
        ...(threshold ? ["--threshold", threshold] : []),
      ];
      process.exitCode = await exitCodeOf(spawnRoom("src/predict/main.ts", [...options, ...(json ? ["--json"] : []), "--", ...files]));
    });
