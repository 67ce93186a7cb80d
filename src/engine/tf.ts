/** @file The one door to TensorFlow.js: everything imports `tf` from here; src/engine/start.ts picks the backend. */
import * as tf from "@tensorflow/tfjs";

export { tf };
