import { choice, object, optional } from "../../platform/schema/schema.ts";
import { defineFileKind, defineModuleKind } from "./kind.ts";

const VOLUMES = ["C:", "D:"] as const;

export const efsFull = defineModuleKind({
  kind: "efs_full",
  summary: "A volume of the EFS is full; what is removed makes room",
  fields: object({ volume: choice(VOLUMES) }),
  begin: ({ volume }, control) => control.fill(volume),
});

export const efsFail = defineFileKind({
  kind: "efs_fail",
  summary: "Reading, writing or completing a file of the EFS fails, as on a memory that is worn out",
  fields: object({ operation: choice(["read", "write", "commit"]), volume: optional(choice(VOLUMES)) }),
  fails: ({ operation, volume }, file) =>
    operation === file.operation && (volume === undefined || volume === `${file.volume}:`),
});
