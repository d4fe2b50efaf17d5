// A rig: modems on ports, the sandbox, the journal.

// For hosts: what data entry needs.
export { encodeEtx } from "./codec/etx/encoder.ts";
export type { EfsOptions } from "./efs/efs.ts";
// One modem on a line of your own.
export { EfsError, type EfsErrorCode } from "./efs/efs-error.ts";
export type { VolumeName } from "./efs/path.ts";
export type { EfsContent, EfsEntryInfo, EfsFile, EfsFiles } from "./modem/efs-files.ts";
export { Modem } from "./modem/modem.ts";
export type { ModemOptions } from "./modem/modem-options.ts";
export type { ModemSettings } from "./modem/modem-settings.ts";
export type { ModemSnapshot } from "./modem/snapshot.ts";
// The module around the services.
export type { DialectName } from "./module/dialect.ts";
export type { Identity, IdentityName } from "./module/identity.ts";
export type { ModuleState } from "./module/module-state.ts";
export type { Operator, Registration, Surroundings, Technology } from "./module/radio/radio.ts";
export type { SignalCourse } from "./module/radio/signal.ts";
export type { ClockCourse, LocalTime } from "./module/rtc.ts";
export { Nvram, type NvramBacking, NvramError } from "./module/settings/nvram.ts";
export { cardInState, type SimCard, type SimState, STANDARD_CARD } from "./module/sim.ts";
export type { StoredMessage } from "./module/sms/message-store.ts";
export type { SentMessage } from "./module/sms/sms.ts";
export { type Random, SeededRandom, SystemRandom } from "./platform/crypto.ts";
// The ports to the outside, for implementations of your own.
export type { Disk, DiskEntry, DiskFile, DiskFolder } from "./platform/disk/disk.ts";
export { SystemDisk } from "./platform/disk/system-disk.ts";
export type { EventBody, Events } from "./platform/events.ts";
export { type Log, type LogLevel, lineLog, silentLog } from "./platform/log.ts";
export type { Connection, Endpoint, Listener, Network } from "./platform/network/network.ts";
export { type ResolveRule, ResolvingNetwork } from "./platform/network/resolving-network.ts";
export { ServiceError, type ServiceErrorCode } from "./platform/network/service-error.ts";
export { TcpNetwork } from "./platform/network/tcp-network.ts";
export type { ModemLines, Receiver, SerialLine } from "./platform/serial-line.ts";
export { type Alarm, type Clock, SystemClock } from "./platform/time/clock.ts";
export { VirtualClock } from "./platform/time/virtual-clock.ts";
export { UsageError } from "./platform/usage-error.ts";
export type { RigEvent, RigEventType } from "./rig/events.ts";
export { ExpectationError, type ExpectOptions } from "./rig/expectation.ts";
export { type ExpectationSet, Expectations, type ExpectationVerdict } from "./rig/expectations.ts";
export type { Journal, JournalPage, JournalQuery } from "./rig/journal.ts";
export type { NearMiss } from "./rig/near-misses.ts";
export type { RigModemOptions, RigOptions } from "./rig/options.ts";
export { type Difference, type EventPattern, Pattern, PatternError } from "./rig/pattern.ts";
export { Rig } from "./rig/rig.ts";
export type { RigModem } from "./rig/rig-modem.ts";
export type { RigModemStart, RigStart } from "./rig/rig-start.ts";
export type { Scenario, ScenarioModem, ScenarioStep } from "./rig/scenario/scenario.ts";
// The servers of the sandbox.
export type { MailContent, MailField, MailFile } from "./sandbox/mail-content.ts";
export { Sandbox, type SandboxOptions, startSandbox } from "./sandbox/sandbox.ts";
export type { ReceivedMail } from "./sandbox/smtp/received-mail.ts";
export { type HostEnd, memoryPair } from "./transport/memory.ts";
export { openPty, type PtyTransport } from "./transport/pty.ts";
export { openRfc2217 } from "./transport/rfc2217.ts";
export { openSerial } from "./transport/serial.ts";
export { openTcp } from "./transport/tcp.ts";
