/** @file From a method's JSON schema to the fields of its form, and from the form's text back to settings. */
import type { MethodSettings } from "../api.ts";

export interface Field {
  name: string;
  label: string;
  help: string;
  kind: "number" | "choice" | "switch";
  /** numbers only */
  whole: boolean;
  min?: number;
  max?: number;
  choices: string[];
  initial: string | number | boolean;
}

interface Property {
  type?: string;
  const?: unknown;
  enum?: string[];
  default?: string | number | boolean;
  description?: string;
  minimum?: number;
  maximum?: number;
}

export interface MethodSchema {
  title?: string;
  description?: string;
  properties?: Record<string, Property>;
}

/** "outputStride" → "Output stride" */
const labelOf = (name: string): string => {
  const words = name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const titleOf = (name: string, schema: MethodSchema): string => schema.title ?? labelOf(name);

function fieldOf(name: string, property: Property): Field {
  const common = {
    name,
    label: labelOf(name),
    help: property.description ?? "",
    whole: property.type === "integer",
    choices: property.enum ?? [],
  };
  if (property.enum) return { ...common, kind: "choice", initial: property.default ?? property.enum[0] ?? "" };
  if (property.type === "boolean") return { ...common, kind: "switch", initial: property.default ?? false };
  return { ...common, kind: "number", min: property.minimum, max: property.maximum, initial: property.default ?? property.minimum ?? 0 };
}

/** The settings that a person may choose; constants (the name) are not among them. */
export const fieldsOf = (schema: MethodSchema): Field[] =>
  Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.const === undefined)
    .map(([name, property]) => fieldOf(name, property));

/** A method with every setting at its default. */
export const defaultsOf = (name: string, schema: MethodSchema): MethodSettings => ({
  name,
  ...Object.fromEntries(fieldsOf(schema).map((field) => [field.name, field.initial])),
});

/** The setting that a text stands for; undefined where it is not allowed. */
export function readField({ kind, whole, min = -Infinity, max = Infinity, choices }: Field, text: string): string | number | undefined {
  if (kind === "choice") return choices.includes(text) ? text : undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
}
