import { type Plugin, parseSync } from 'vite';
import { writeBare } from './bare.ts';

/**
 * What of uPlot's functions draw/line.ts never reaches: its line has no axes, legend, bands or
 * cursor, and its scales are given and linear. Each with the body it gets instead.
 */
const unreached: Record<string, string> = {
  ...Object.fromEntries(
    [
      'addBand addGap allHeadersSame asinhAxisSplits bars clipBandLine clipGaps dblClick drawAxesGrid',
      'drawOrthoLines findColWidth fmtDate getIncrSpace hideSelect initAxis initCursorPt initLegendRow',
      'isAsc join log10AxisValsFilt log2AxisValsFilt logAxisSplits mouseDown mouseLeave mouseMove',
      'mouseUp cacheMouse monotoneCubic numAxisSplits numAxisVals points rangeAsinh rangeLog rect',
      '_monotoneCubic setAlpha setFocus setLegend setLegendValues setSelect snapAsinhY snapLogY',
      'sortCols splineInterp stepped syncLegend syncFontSize timeAxisStamps timeAxisVal',
      'timeAxisVals timeSeriesStamp timeSeriesVal toggleDOM tzDate updateCursor nullExpand',
      'legendStroke legendFill cursorPointShow cursorPointFill cursorPointStroke cursorPointSize',
      '_rangeNum setSeries delSeries addSeries posToVal closestIdxFromXpos findGaps',
    ].flatMap((names) => names.split(' ').map((name) => [name, ''])),
  ),
  axesCalc: 'return true',
  autoPadSide: 'return 0',
  genTimeStuffs: 'return [[], [], () => []]',
  genIncrs: 'return []',
};

/** What a host page gets in the way of, by names of elements and prototypes' properties, and what doesn't. */
const safe: readonly (readonly [code: string | RegExp, instead: string])[] = [
  ['doc.createElement(tag)', 'Document.prototype.createElement.call(doc, tag)'],
  ['domEnv ? document ', 'domEnv ? globalThis.document '],
  [/for \((?:let|var) (\w+) in ([\w.]+)\)/g, 'for (let $1 of Object.keys($2 || {}))'],
];

/** uPlot without them: 40 % less to load. A new version that lacks one of them fails the build. */
export function leanUplot(): Plugin {
  return {
    name: 'lean-uplot',
    transform: {
      filter: { id: /uPlot\.esm\.js$/ },
      handler(code, id) {
        const bodies: { name: string; start: number; end: number }[] = [];
        collectFunctions(parseSync(id, code).program, bodies);
        let lean = code;
        for (const { name, start, end } of bodies.sort((one, other) => other.start - one.start))
          lean = `${lean.slice(0, start)}{${unreached[name]}}${lean.slice(end)}`;
        const missing = Object.keys(unreached).filter(
          (name) => !bodies.some((body) => body.name === name),
        );
        if (missing.length) this.error(`uPlot has no function ${missing.join(', ')}`);
        for (const [code, instead] of safe) {
          const mended = lean.replace(code, instead);
          if (mended === lean) this.error(`uPlot has no ${code}`);
          lean = mended;
        }
        return { code: writeBare(lean, id), map: null };
      },
    },
  };
}

interface Declared {
  type: string;
  id: { name: string } | null;
  body: { start: number; end: number };
}

function collectFunctions(
  node: object,
  bodies: { name: string; start: number; end: number }[],
): void {
  const { type, id, body } = node as Declared;
  if (type === 'FunctionDeclaration' && id && Object.hasOwn(unreached, id.name)) {
    bodies.push({ name: id.name, start: body.start, end: body.end });
    return;
  }
  for (const child of Object.values(node))
    if (child && typeof child === 'object') collectFunctions(child, bodies);
}
