import { Component, type ComponentChild, createRef } from "preact";
import { placeOf } from "../model/ascending.ts";
import { Heights } from "../model/heights.ts";

interface VirtualListProps {
  readonly label: string;
  /** Ids in ascending order. */
  readonly ids: readonly number[];
  /** How many of them are shown, the first ones. */
  readonly count: number;
  /** The place from which on ids or items have changed since the list was drawn. */
  readonly changedFrom: number;
  /** About how high an item is. */
  readonly estimate: (id: number) => number;
  readonly draw: (id: number, place: number) => ComponentChild;
  /** Whether the list keeps to its end. */
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  /** Shown once when it changes. */
  readonly target: number | undefined;
}

/** Pixels that are drawn beyond what is seen. */
const MARGIN = 400;
/** How near the end counts as the end. */
const NEAR = 16;

/** A list of any length, of which only what is seen is drawn. It stays where it is while items above grow or go. */
export class VirtualList extends Component<VirtualListProps, { readonly height: number }> {
  override state = { height: 600 };
  readonly #heights = new Heights((place) => this.props.estimate(this.props.ids[place] ?? 0));
  readonly #scroller = createRef<HTMLElement>();
  readonly #items = createRef<HTMLOListElement>();
  readonly #resize = new ResizeObserver(() => this.#fit());
  /** What stands at the top, and how far above it the view begins. */
  #anchor = { id: 0, offset: 0 };
  #drawn: VirtualListProps | undefined;
  #scrolled = 0;
  #first = 0;
  #width = 0;

  override componentDidMount(): void {
    if (this.#scroller.current !== null) this.#resize.observe(this.#scroller.current);
    this.#settle();
  }

  override componentWillUnmount(): void {
    this.#resize.disconnect();
  }

  override componentDidUpdate(before: Readonly<VirtualListProps>): void {
    const { target } = this.props;
    if (target !== undefined && target !== before.target) {
      this.#anchor = { id: target, offset: -this.state.height / 3 };
      this.forceUpdate();
    }
    this.#settle();
  }

  override render({ ids, count, changedFrom, draw, label }: VirtualListProps) {
    // Drawn again for its own sake, the list keeps what it has measured.
    if (this.#drawn !== this.props) this.#heights.resize(count, Math.min(changedFrom, this.#heights.length));
    this.#drawn = this.props;
    const y = this.#wanted();
    const first = this.#heights.placeAt(y - MARGIN);
    const last = Math.min(count, this.#heights.placeAt(y + this.state.height + MARGIN) + 1);
    this.#first = first;
    return (
      <section
        class="scroller"
        ref={this.#scroller}
        onScroll={() => this.#scroll()}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        aria-label={label}
      >
        <div class="spacer" style={{ height: `${this.#heights.total}px` }}>
          <ol ref={this.#items} style={{ transform: `translateY(${this.#heights.top(first)}px)` }}>
            {ids.slice(first, last).map((id, index) => draw(id, first + index))}
          </ol>
        </div>
      </section>
    );
  }

  /** Where the view is to stand. */
  #wanted(): number {
    const most = Math.max(0, this.#heights.total - this.state.height);
    if (this.props.follow) return most;
    const { id, offset } = this.#anchor;
    return Math.min(most, Math.max(0, this.#heights.top(placeOf(this.props.ids, id)) + offset));
  }

  /** Measures what was drawn and scrolls to where the view is to stand; draws again if the measures are news. */
  #settle(): void {
    const { current: scroller } = this.#scroller;
    let isNews = false;
    let place = this.#first;
    for (const item of this.#items.current?.children ?? [])
      isNews = this.#heights.measure(place++, item.getBoundingClientRect().height) || isNews;
    if (isNews) {
      this.forceUpdate();
      return;
    }
    if (scroller === null) return;
    const y = this.#wanted();
    if (Math.abs(scroller.scrollTop - y) > 0.5) scroller.scrollTop = y;
    this.#scrolled = scroller.scrollTop;
    // Where the list stands while it keeps to its end is where it stays when it does so no more.
    if (this.props.follow) this.#anchorAt(y);
  }

  #anchorAt(y: number): void {
    const place = this.#heights.placeAt(y);
    this.#anchor = { id: this.props.ids[place] ?? 0, offset: y - this.#heights.top(place) };
  }

  #scroll(): void {
    const { current: scroller } = this.#scroller;
    if (scroller === null) return;
    const y = scroller.scrollTop;
    if (Math.abs(y - this.#scrolled) < 1) return;
    const isUp = y < this.#scrolled;
    this.#scrolled = y;
    this.#anchorAt(y);
    const isAtEnd = y + this.state.height >= this.#heights.total - NEAR;
    if (isAtEnd !== this.props.follow && (isAtEnd || isUp)) this.props.onFollow(isAtEnd);
    this.forceUpdate();
  }

  #fit(): void {
    const { current: scroller } = this.#scroller;
    if (scroller === null) return;
    // In another width every item has another height.
    if (this.#width !== scroller.clientWidth) this.#heights.resize(this.props.count, 0);
    this.#width = scroller.clientWidth;
    this.setState({ height: scroller.clientHeight });
  }
}
