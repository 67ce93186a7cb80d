/** @file Describes an encoder: `node --import tsx src/models/main.ts --encoder <config as JSON> --size <pixels> [--json]`. */
import { parseArgs } from "node:util";
import { encoderSchema, type EncoderConfig } from "../config/encoder.ts";
import { parseConfig } from "../config/parse.ts";
import { formatTable } from "../util/text-table.ts";
import { describeEncoder, type EncoderCost } from "./describe.ts";
import { encoderOf } from "./registry.ts";

const { values } = parseArgs({
  options: {
    encoder: { type: "string", default: "{}" },
    size: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
});
const config = parseConfig(encoderSchema, JSON.parse(values.encoder), "encoder");
const size = Number(values.size);
const cost = describeEncoder(encoderOf(config), size);
process.stdout.write(
  `${values.json ? JSON.stringify({ encoder: config, imageSize: size, ...cost }, null, 2) : text(config, size, cost)}\n`,
);

function text({ name, width, outputStride }: EncoderConfig, imageSize: number, { layers, parameters, flops, grid, features }: EncoderCost) {
  const rows = layers.map((layer) => [
    layer.name,
    layer.shape.join(" × "),
    layer.grid === 0 ? "" : `${layer.grid} × ${layer.grid}`,
    grouped(layer.parameters),
    layer.flops === 0 ? "0" : grouped(layer.flops),
  ]);
  return [
    `${name}, width ${width}, output stride ${outputStride}, one grey image of ${imageSize} × ${imageSize} pixels`,
    "",
    formatTable(["layer", "shape", "puts out", "parameters", "FLOPs"], [...rows, ["sum", "", "", grouped(parameters), grouped(flops)]]),
    "",
    `feature map ${grid} × ${grid} × ${features}; a multiply-add counts 2; convolutions count, biases, norms and rectifiers do not`,
  ].join("\n");
}

/** Digits in threes: 1 234 567. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
