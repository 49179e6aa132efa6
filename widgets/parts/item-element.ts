import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { WidgetElement } from '../core/element.ts';
import type { Selection } from '../core/events.ts';
import { listenForChoices } from './choices.ts';
import { itemStyles } from './item-styles.ts';

/**
 * A widget whose picture has items that a visitor can point at and choose.
 *
 * @fires pt-select - The visitor chose an item; `detail` is a {@link Selection}.
 */
export abstract class ItemElement<Name extends WidgetName> extends WidgetElement<Name> {
  static override styles = [...WidgetElement.styles, itemStyles];

  /** The item of the answer with this `data-item`. */
  protected abstract itemOf(figures: WidgetAnswer<Name>['data'], item: string): unknown;

  override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    listenForChoices(this, root);
    return root;
  }

  /** The visitor chose the item with this `data-item`. */
  select(item: string): void {
    const figures = this.answer?.data as WidgetAnswer<Name>['data'] | undefined;
    if (!figures) return;
    const detail: Selection = { widget: this.widget, item: this.itemOf(figures, item) };
    this.emit('pt-select', detail);
  }

  /** A button of the picture was pressed. */
  press(_value: string): void {}
}
