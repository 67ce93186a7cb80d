/** @file Every method by name. A schema member without a line here does not compile. */
import type { MethodConfig, MethodName } from "../src/config/pretrain.ts";
import type { Encoder } from "../src/models/encoder.ts";
import type { Method, MethodFactory, Setting } from "./method.ts";
import { barlowTwins } from "./methods/barlow-twins.ts";
import { byol } from "./methods/byol.ts";
import { moco } from "./methods/moco.ts";
import { simclr } from "./methods/simclr.ts";
import { simsiam } from "./methods/simsiam.ts";
import { swav } from "./methods/swav.ts";
import { vicreg } from "./methods/vicreg.ts";

type Config<K extends MethodName> = Extract<MethodConfig, { name: K }>;

const methods: { [K in MethodName]: MethodFactory<Config<K>> } = {
  simclr,
  moco,
  byol,
  simsiam,
  swav,
  "barlow-twins": barlowTwins,
  vicreg,
};

export function methodOf<K extends MethodName>(config: Config<K>, encoder: Encoder, setting: Setting): Method {
  return methods[config.name](config, encoder, setting);
}
