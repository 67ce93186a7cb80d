/**
 * @file Projection head of contrastive learning: linear, batch norm, rectifier, linear.
 * Reference: Chen et al. 2020, arXiv 2002.05709, §2.1 (`z = W₂ σ(W₁ h)`), with batch norm on the hidden layer as in their code.
 */
import { mlp, type Head, type MlpOptions } from "./mlp.ts";

/** A projector from `from` features over `hidden` units to embeddings of length `to`; its parameters' names start with `name`. */
export const projector = ({ name = "projector", ...sizes }: Pick<MlpOptions, "from" | "hidden" | "to" | "name">): Head =>
  mlp({ ...sizes, name });
