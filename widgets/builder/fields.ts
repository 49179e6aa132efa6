import { html, nothing, type TemplateResult } from 'lit';
import { chooseLanguage, translatedLanguages } from '../../shared/language.ts';
import {
  type Parameter,
  type ParameterName,
  parameters,
  type Widget,
} from '../../shared/widgets.ts';

/** Called with the value that a parameter is set to; empty: its default. */
export type SetValue = (name: ParameterName, value: string) => void;

/** The field of a form that sets a parameter, as the catalogue describes it. */
export function drawField(
  name: ParameterName,
  value: string,
  widget: Widget,
  set: SetValue,
): TemplateResult {
  const parameter = parameterOf(name, widget);
  return html`<div class="field">
    <label for=${name}>${parameter.label}</label>
    ${drawInput(name, parameter, value, set)}
    <p id=${`${name}-help`}>${parameter.description}</p>
  </div>`;
}

/** With the bounds and default of the widget, if it has its own. */
function parameterOf(name: ParameterName, { period, mostRows }: Widget): Parameter {
  const parameter: Parameter = parameters[name];
  if (name === 'period' && period) return { ...parameter, standard: period };
  if (parameter.kind === 'number' && name === 'limit' && mostRows)
    return { ...parameter, most: mostRows };
  return parameter;
}

/** A value within the widget's bounds; empty if it is invalid. */
export function mendValue(name: ParameterName, value: string, widget: Widget): string {
  const parameter = parameterOf(name, widget);
  switch (parameter.kind) {
    case 'choice':
      return parameter.values.includes(value) ? value : '';
    case 'number': {
      const number = value.trim() ? Number(value) : Number.NaN;
      if (!Number.isFinite(number)) return '';
      return String(Math.min(Math.max(number, parameter.least), parameter.most));
    }
    case 'colour':
      return /^[0-9a-f]{6}$/i.test(value) ? value : '';
    case 'language':
      return chooseLanguage([value], () => true) ?? '';
    case 'month':
      return /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : '';
    default:
      return value;
  }
}

function drawInput(
  name: ParameterName,
  parameter: Parameter,
  value: string,
  set: SetValue,
): TemplateResult {
  const change = (event: Event) => set(name, (event.target as HTMLInputElement).value.trim());
  const help = `${name}-help`;
  const hint = parameter.standard ?? '';
  switch (parameter.kind) {
    case 'choice':
      return html`<select id=${name} aria-describedby=${help} @change=${change}>
        <option value="" ?selected=${!value}>${hint ? `Default (${hint})` : 'Default'}</option>
        ${parameter.values.map((one) => html`<option ?selected=${one === value}>${one}</option>`)}
      </select>`;
    case 'number':
      return html`<input id=${name} type="number" min=${parameter.least} max=${parameter.most} step="any" .value=${value} placeholder=${hint} aria-describedby=${help} @change=${change}>`;
    case 'colour':
      return html`<span class="colour"><input type="color" aria-label=${`${parameter.label}, from a palette`} .value=${`#${value || '4d6fe8'}`} @input=${(
        event: Event,
      ) =>
        set(
          name,
          (event.target as HTMLInputElement).value.slice(1),
        )}><input id=${name} .value=${value} pattern="[0-9a-fA-F]{6}" maxlength="6" placeholder="10b981" spellcheck="false" aria-describedby=${help} @change=${change}></span>`;
    case 'language':
      // Suggested are those with words; numbers and dates follow any other, too.
      return html`<input id=${name} list="languages" .value=${value} spellcheck="false" autocomplete="off" aria-describedby=${help} @change=${change}><datalist id="languages">${translatedLanguages.map((language) => html`<option value=${language}>${nameOf(language)}</option>`)}</datalist>`;
    default:
      return html`<input id=${name} type=${parameter.kind === 'month' ? 'month' : 'text'} .value=${value} placeholder=${hint || nothing} spellcheck="false" autocomplete="off" aria-describedby=${help} @change=${change}>`;
  }
}

/** A language's name in itself: `Deutsch`. */
function nameOf(language: string): string {
  return new Intl.DisplayNames(language, { type: 'language' }).of(language)!;
}
