/** @file Every method by name. A schema member without a line here does not compile. */
import type { MethodConfig, MethodName } from "../src/config/pretrain.ts";
import type { Encoder } from "../src/models/encoder.ts";
import type { Method, MethodFactory, Setting } from "./method.ts";
import { byol } from "./methods/byol.ts";
import { simclr } from "./methods/simclr.ts";

type Config<K extends MethodName> = Extract<MethodConfig, { name: K }>;

const methods: { [K in MethodName]: MethodFactory<Config<K>> } = { byol, simclr };

export function methodOf<K extends MethodName>(config: Config<K>, encoder: Encoder, setting: Setting): Method {
  return methods[config.name](config, encoder, setting);
}
