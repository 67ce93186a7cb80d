/** @file Every method by name. A schema member without a line here does not compile. */
import type { MethodConfig, MethodName } from "../src/config/pretrain.ts";
import type { Encoder } from "../src/models/encoder.ts";
import type { Method, MethodFactory } from "./method.ts";
import { simclr } from "./methods/simclr.ts";

const methods: { [K in MethodName]: MethodFactory<Extract<MethodConfig, { name: K }>> } = { simclr };

export function methodOf<K extends MethodName>(config: Extract<MethodConfig, { name: K }>, encoder: Encoder): Method {
  return methods[config.name](config, encoder);
}
