/** @file What all sides of the step benchmark share. */
import type { EncoderConfig } from "../../src/config/encoder.ts";

/** A network and a batch; an image counts once and has two views. */
export interface Point {
  name: EncoderConfig["name"] & ("resnet10" | "resnet18");
  width: number;
  side: number;
  images: number;
}

export const POINTS: Record<string, Point> = {
  "r10-64": { name: "resnet10", width: 32, side: 64, images: 64 },
  "r10-128": { name: "resnet10", width: 32, side: 128, images: 64 },
  "r18-128": { name: "resnet18", width: 64, side: 128, images: 32 },
};

export const EMBEDDING = 64;
export const TEMPERATURE = 0.2;
export const LEARNING_RATE = 0.05;
export const MOMENTUM = 0.9;

/** A training step that can be run again and again; returns the loss before its update. */
export interface Step {
  parameters: number;
  run(): number;
}
