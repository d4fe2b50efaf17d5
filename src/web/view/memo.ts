import { Component, type ComponentChild, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its properties is another. */
export function memo<P extends object>(draw: (props: P) => ComponentChild): FunctionComponent<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((name) => next[name] !== this.props[name]);
    }

    override render(props: P): ComponentChild {
      return draw(props);
    }
  } as unknown as FunctionComponent<P>;
}
