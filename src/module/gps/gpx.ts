import { MODULE_LIMITS } from "../limits.ts";
import { type GivenPoint, TrackError, tooManyPoints } from "./track-points.ts";

/** The elements that are points: those of a track, and those of a route where there is no track. */
const POINTS = ["trkpt", "rtept"] as const;

/** What can stand where a tag can, and is passed over. */
const PASSED: ReadonlyArray<readonly [start: string, end: string]> = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
];

const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const TAG = /^<(\/?)((?:[\w-]+:)?([\w.-]+))((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/;

/** Characters of the longest tag: a root with its name spaces has about a thousand. */
const LONGEST_TAG = 8192;
/** Elements in elements; points are four deep, and extensions add a few. */
const DEEPEST = 64;

interface Tag {
  readonly at: number;
  readonly end: number;
  readonly closes: boolean;
  readonly isEmpty: boolean;
  /** With its prefix, and without it. */
  readonly name: string;
  readonly local: string;
  readonly attributes: string;
}

/** A point that is being read, and how deep it stands. */
interface Draft {
  readonly kind: string;
  readonly depth: number;
  readonly attributes: string;
  /** What stands in its elements, by their names. */
  readonly texts: Map<string, string>;
}

/**
 * The points of a GPX document, in their order. Throws a {@link TrackError} that names the line where it is broken.
 *
 * @spec GPX 1.1
 */
export function readGpx(text: string): readonly GivenPoint[] {
  const reader = new GpxReader(text);
  for (const tag of tagsOf(text)) {
    if (!tag.closes) reader.begin(tag);
    if (tag.closes || tag.isEmpty) reader.end(tag);
  }
  return reader.finish();
}

/** What has been read of a document up to some tag. */
class GpxReader {
  readonly #text: string;
  readonly #points = new Map<string, GivenPoint[]>(POINTS.map((kind) => [kind, []]));
  /** The elements that are open, from the root inwards. */
  readonly #open: Tag[] = [];
  #draft: Draft | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  begin(tag: Tag): void {
    const depth = this.#open.length;
    if (depth === 0 && tag.local !== "gpx") throw this.#broken(tag, `<${tag.name}> is not the root of GPX`);
    if (depth === DEEPEST) throw this.#broken(tag, `more than ${DEEPEST} elements are in each other`);
    if (this.#draft === undefined && this.#points.has(tag.local)) {
      this.#draft = { kind: tag.local, depth, attributes: tag.attributes, texts: new Map() };
    }
    this.#open.push(tag);
  }

  end(tag: Tag): void {
    const begun = this.#open.pop();
    if (begun?.name !== tag.name) {
      throw this.#broken(tag, `</${tag.name}> closes ${begun === undefined ? "nothing" : `<${begun.name}>`}`);
    }
    const draft = this.#draft;
    const depth = this.#open.length;
    if (depth === draft?.depth) this.#add(draft);
    else if (draft !== undefined && depth === draft.depth + 1) {
      draft.texts.set(tag.local, this.#text.slice(begun.end, tag.at).trim());
    }
  }

  finish(): readonly GivenPoint[] {
    const open = this.#open.at(-1);
    if (open !== undefined) throw this.#broken(open, `<${open.name}> is not closed`);
    return [...this.#points.values()].find((points) => points.length > 0) ?? [];
  }

  #add(draft: Draft): void {
    const points = this.#points.get(draft.kind) ?? [];
    if (points.length === MODULE_LIMITS.trackPoints) throw tooManyPoints();
    points.push(pointOf(draft));
    this.#draft = undefined;
  }

  #broken({ at }: Tag, what: string): TrackError {
    return broken(this.#text, at, what);
  }
}

function* tagsOf(text: string): Generator<Tag> {
  for (let at = text.indexOf("<"); at >= 0; ) {
    const passed = PASSED.find(([start]) => text.startsWith(start, at));
    if (passed === undefined) {
      const tag = tagAt(text, at);
      yield tag;
      at = text.indexOf("<", tag.end);
    } else {
      const end = text.indexOf(passed[1], at);
      if (end < 0) throw broken(text, at, `${passed[0]} is not closed`);
      at = text.indexOf("<", end);
    }
  }
}

function tagAt(text: string, at: number): Tag {
  const matched = TAG.exec(text.slice(at, at + LONGEST_TAG));
  if (matched === null) throw broken(text, at, whyNoTag(text, at));
  const [whole, slash, name = "", local = "", attributes = "", end] = matched;
  return { at, end: at + whole.length, closes: slash !== "", isEmpty: end !== "", name, local, attributes };
}

/** Why no tag begins at a `<`. */
function whyNoTag(text: string, at: number): string {
  if (/^<!DOCTYPE/i.test(text.slice(at, at + 9))) return "a document type (DOCTYPE) is not supported";
  const end = text.slice(at, at + LONGEST_TAG).indexOf(">");
  if (end >= 0) return "the tag is not well-formed";
  return text.length - at < LONGEST_TAG
    ? "the file ends within a tag"
    : `the tag has more than ${LONGEST_TAG} characters`;
}

function pointOf({ attributes, texts }: Draft): GivenPoint {
  const values = new Map<string, string>();
  for (const [, name = "", double, single] of attributes.matchAll(ATTRIBUTE)) values.set(name, double ?? single ?? "");
  return {
    latitude: numberOf(values.get("lat")),
    longitude: numberOf(values.get("lon")),
    altitude: numberOf(texts.get("ele") ?? "0"),
    time: texts.get("time"),
  };
}

function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === "" ? Number.NaN : Number(text);
}

function broken(text: string, at: number, what: string): TrackError {
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) line++;
  return new TrackError(`line ${line}: ${what}`);
}
