/** @file What both sides of the step benchmark share. */

export const WIDTH = 32;
export const SIDE = 64;
export const IMAGES = 32;
export const EMBEDDING = 64;
export const TEMPERATURE = 0.2;
export const LEARNING_RATE = 0.05;
export const MOMENTUM = 0.9;

/** A training step that can be run again and again; returns the loss before its update. */
export interface Step {
  images: number;
  parameters: number;
  run(): number;
}
