import type { Efs } from "../../efs/efs.ts";
import type { Download } from "../../protocols/ftp/download.ts";
import type { FtpSession } from "../../protocols/ftp/session.ts";
import type { DataPackets } from "../data-packets.ts";
import { FTP_CODES, LocalFailure } from "./code.ts";
import { type EfsFileRequest, type FileRequest, locally, openSource, openTarget, readSource } from "./efs-files.ts";

/** Connects and logs in. Whoever asks for a session need not end it. */
export type Connect = () => Promise<FtpSession>;

/**
 * Asks the host for data and gives them to `receive`, which holds the host back until it has resolved, and never rejects.
 * Resolves at the end of the data, or when they will not come: only `ended` data are whole.
 */
export type EnterData = (receive: (data: Buffer) => Promise<void>) => Promise<"ended" | "escaped" | "silent" | "cut">;

/** The server's file to the EFS, where it appears when it is complete. What can fail here fails before we connect. */
export async function fetchToEfs(connect: Connect, efs: Efs, request: EfsFileRequest, signal: AbortSignal) {
  const writer = await openTarget(efs, request, signal);
  try {
    const session = await connect();
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

/** A file of the EFS to the server. What can fail here fails before we connect. */
export async function sendFromEfs(connect: Connect, efs: Efs, request: EfsFileRequest, signal: AbortSignal) {
  const source = await openSource(efs, request);
  try {
    const session = await connect();
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

/** What the server sends to the host. What has come before a failure is printed too. */
export async function fetchToHost(begin: () => Promise<Download>, packets: DataPackets, signal: AbortSignal) {
  try {
    const file = await begin();
    try {
      for (;;) {
        const chunk = await packets.flushWhileWaiting(file.read(), signal);
        if (chunk === undefined) break;
        await packets.write(chunk, signal);
      }
    } finally {
      await packets.flush(signal);
    }
    await file.finish();
  } finally {
    await packets.pause(signal);
  }
}

/** What the host enters to the server. */
export async function sendFromHost(connect: Connect, enter: EnterData, request: FileRequest) {
  const session = await connect();
  const file = await session.store(request.path, request);
  let failure: unknown;
  // Decisions 7: the rest of the data, up to their end, is swallowed.
  const outcome = await enter(async (data) => {
    if (failure !== undefined) return;
    try {
      await file.write(data);
    } catch (error) {
      failure = error;
    }
  });
  if (failure !== undefined) throw failure;
  if (outcome !== "ended") throw new LocalFailure(FTP_CODES.timeout, `data entry ended as ${outcome}`);
  await file.finish();
}
