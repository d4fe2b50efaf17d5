import type { Efs } from "../../efs/efs.ts";
import { FTP_CODES } from "./code.ts";
import { type EfsFileRequest, locally, openSource, openTarget, readSource } from "./efs-files.ts";
import type { FtpOperation } from "./operation.ts";

/** Who gives the session that a transfer runs in. */
type SessionSource = Pick<FtpOperation, "connect">;

/** Fetches a file of the server into the EFS, where it appears when it is complete. The EFS is asked before the server. */
export async function fetchToEfs(operation: SessionSource, efs: Efs, request: EfsFileRequest, signal: AbortSignal) {
  const writer = await openTarget(efs, request, signal);
  try {
    const session = await operation.connect();
    const file = await session.retrieve(request.path, request);
    for (let chunk = await file.read(); chunk !== undefined; chunk = await file.read()) {
      const bytes = chunk;
      await locally(FTP_CODES.write, () => writer.write(bytes, signal));
    }
    await file.finish();
    await locally(FTP_CODES.write, () => writer.commit());
  } finally {
    await writer.abandon();
  }
}

/** Sends a file of the EFS to the server. The EFS is asked before the server. */
export async function sendFromEfs(operation: SessionSource, efs: Efs, request: EfsFileRequest, signal: AbortSignal) {
  const source = await openSource(efs, request);
  try {
    const session = await operation.connect();
    const file = await session.store(request.path, request);
    let skipped = 0;
    for (;;) {
      const chunk = await readSource(source, signal);
      if (chunk === undefined) break;
      const start = Math.min(chunk.length, request.offset - skipped);
      skipped += start;
      await file.write(chunk.subarray(start));
    }
    await file.finish();
  } finally {
    await source.close();
  }
}
