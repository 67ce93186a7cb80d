/**
 * @file The device, in words of our own: a maker and a model family that are known, with at most four digits of type.
 * Text of the file is never copied, since anything can be typed there; a device that is not known becomes a pseudonym.
 */
import type { DataSet } from "dicom-parser";
import { text } from "./data-set.ts";
import { pseudonym } from "./pseudonym.ts";

/** Makers of ultrasound devices: how files name them, and families of models. */
const makers: readonly [maker: string, pattern: RegExp, families: readonly string[]][] = [
  ["Philips", /philips|\batl\b/i, ["EPIQ", "Affiniti", "CX", "iU", "iE", "HDI", "HD", "Sparq", "ClearVue", "Lumify", "EnVisor", "SONOS"]],
  ["GE", /\bge\b|g\.e\.|general electric|kretz/i, ["LOGIQ", "Vivid", "Voluson", "Venue", "Versana", "Vscan"]],
  ["Siemens", /siemens|acuson/i, ["Sequoia", "ACUSON", "S", "X", "P", "Antares", "Juniper", "Redwood", "Freestyle", "SONOLINE"]],
  ["Canon", /canon|toshiba/i, ["Aplio", "Xario", "Nemio", "Viamo", "PowerVision"]],
  ["Aloka", /aloka/i, ["SSD", "ProSound", "Arietta"]],
  ["Hitachi", /hitachi|fujifilm healthcare/i, ["HI VISION", "Arietta", "Noblus", "Lisendo", "EUB"]],
  ["Samsung", /samsung|medison/i, ["SonoAce", "Accuvix", "HERA", "RS", "HS", "HM", "WS", "UGEO"]],
  ["Mindray", /mindray|zonare/i, ["Resona", "DC", "TE", "ZS", "Consona", "M"]],
  ["Esaote", /esaote|biosound/i, ["MyLab", "Technos", "Megas"]],
  ["SuperSonic Imagine", /super\s?sonic/i, ["Aixplorer", "MACH"]],
  ["SonoSite", /sonosite/i, ["M-Turbo", "Edge", "X-Porte", "MicroMaxx", "TITAN", "S-Nerve"]],
  ["BK Medical", /\bb-?k\b|ultrasonix/i, ["SonixTouch", "SonixRP", "Sonix", "Flex Focus", "Pro Focus"]],
  ["SonoScape", /sonoscape/i, ["S", "P", "E"]],
  ["Alpinion", /alpinion/i, ["E-CUBE"]],
  ["Clarius", /clarius/i, ["L", "C"]],
  ["Butterfly", /butterfly/i, ["iQ"]],
];

/** Family and type at the start of `model`, for example "EPIQ 7C", "iU22", "SSD-4000"; a maker's brand may stand before. */
function knownModel(model: string, families: readonly string[]): string | undefined {
  const pattern = new RegExp(`^(?:acuson |hdi )?(${families.join("|")})([ -]?[a-z]{0,2}\\d{1,4}[a-z]{0,2})?(?![a-z\\d])`, "i");
  const [, family, type = ""] = pattern.exec(model) ?? [];
  return family && families.find((name) => name.toLowerCase() === family.toLowerCase()) + type.toUpperCase();
}

/** For example "Philips EPIQ 7C", "GE model-5b1c0d2e", "device-0f6e2b7a", or "unknown" where the file says nothing. */
export function deviceOf(dataSet: DataSet, salt: Uint8Array): string {
  const manufacturer = text(dataSet, "x00080070");
  const model = text(dataSet, "x00081090");
  if (manufacturer === "" && model === "") return "unknown";
  const maker = makers.find(([, pattern]) => pattern.test(manufacturer));
  if (!maker) return `device-${pseudonym(salt, "device", manufacturer, model).slice(0, 8)}`;
  if (model === "") return maker[0];
  return `${maker[0]} ${knownModel(model, maker[2]) ?? `model-${pseudonym(salt, "model", model).slice(0, 8)}`}`;
}
