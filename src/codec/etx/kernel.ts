import type { EtxKernel } from "./cursor.ts";
import { scalarKernel } from "./scalar-kernel.ts";
import { createSimdKernel } from "./simd-kernel.ts";

/** The fastest kernel that this engine can run. */
export const etxKernel: EtxKernel = createSimdKernel() ?? scalarKernel;
