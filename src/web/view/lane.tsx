import { useEffect, useRef } from "preact/hooks";
import { useChanges } from "../live/changes.ts";
import type { Connection } from "../model/connections.ts";
import { formatAmount, formatCount, formatDuration } from "../model/format.ts";
import { memo } from "./memo.ts";
import { usePage } from "./page-context.ts";

/** Height of the bar of a service, in pixels, and how many services stand below each other. */
const BAR = 12;

interface LaneProps {
  readonly onShow: (id: number) => void;
}

/** The connections of the modules over time, a line for each service; a click shows where one began. */
export const Lane = memo(({ onShow }: LaneProps) => {
  const { session } = usePage();
  useChanges(session.slowChanges);
  const { conversation, selection } = session;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { modem } = selection.criteria;
  const list = conversation.connections.list.filter((each) => modem === undefined || each.modem === modem);
  const services = [...new Set(list.map(({ service }) => service))];
  const end = Math.max(conversation.rows.at(-1)?.lastAt ?? 0, 1);
  const start = list[0]?.begun ?? 0;
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, list, services, start, end);
  });
  if (list.length === 0) return null;
  const failed = list.filter(({ error }) => error !== undefined).length;
  const find = (event: MouseEvent) => {
    const { left, width, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = start + ((event.clientX - left) / width) * (end - start);
    const service = services[Math.floor((event.clientY - top) / BAR)];
    const near = list
      .filter((each) => each.service === service)
      .toSorted((a, b) => distance(a, at, end) - distance(b, at, end))[0];
    if (near?.row !== undefined) onShow(near.row);
  };
  return (
    <figure class="lane">
      <div class="services" aria-hidden="true">
        {services.map((service) => (
          <span key={service}>{service}</span>
        ))}
      </div>
      <canvas
        ref={canvas}
        style={{ height: `${services.length * BAR}px` }}
        role="img"
        aria-label={`${formatAmount(list.length, "connection")}, ${failed} failed; the panel Network lists them`}
        onClick={find}
      />
      <figcaption>
        {formatAmount(list.length, "connection")} in {formatDuration(end - start)}
        {failed > 0 ? `, ${formatCount(failed)} failed` : ""}
      </figcaption>
    </figure>
  );
});

/** How far a connection is from a moment. */
function distance({ begun, ended }: Connection, at: number, end: number): number {
  return Math.max(0, begun - at, at - (ended ?? end));
}

function draw(
  canvas: HTMLCanvasElement,
  list: readonly Connection[],
  services: readonly string[],
  start: number,
  end: number,
): void {
  const scale = devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = clientWidth * scale;
  canvas.height = clientHeight * scale;
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const style = getComputedStyle(canvas);
  pen.scale(scale, scale);
  for (const { service, begun, ended, error } of list) {
    const x = ((begun - start) / (end - start)) * clientWidth;
    const width = (((ended ?? end) - begun) / (end - start)) * clientWidth;
    pen.fillStyle = style.getPropertyValue(error === undefined ? "--network" : "--bad");
    pen.globalAlpha = ended === undefined ? 0.6 : 1;
    pen.fillRect(x, services.indexOf(service) * BAR + 2, Math.max(2, width), BAR - 4);
  }
}
