import type { EtxKernel } from "./etx-cursor.ts";
import { scalarKernel } from "./etx-scalar-kernel.ts";
import { createSimdKernel } from "./etx-simd-kernel.ts";

/** The fastest kernel that this engine can run. */
export const etxKernel: EtxKernel = createSimdKernel() ?? scalarKernel;
