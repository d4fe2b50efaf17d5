import { scalarKernel } from "./scalar-kernel.ts";
import { createSimdKernel } from "./simd-kernel.ts";
import type { JsonKernel } from "./written.ts";

/** The fastest kernel that this engine can run. */
export const jsonKernel: JsonKernel = createSimdKernel() ?? scalarKernel;
