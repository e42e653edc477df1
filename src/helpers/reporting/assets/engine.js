// Computes again, from the model of `reporting/model.py`, what Python computed: figures with what their prints
// allow, derived quantities, checks and claims. Pure functions without a page; names and order are those of the
// modules named at each part, which say what is done and why. tests/test_engine.py holds both to each other.

/** Exact decimals: a whole number n and the power e of ten by which it is multiplied. */
const Exact = (() => {
  const ten = (power) => 10n ** BigInt(power);
  const of = (text) => { // a number, or a text of digits as JavaScript or Python write them
    const [mantissa, power = "0"] = String(text).toLowerCase().split("e");
    const [whole, decimals = ""] = mantissa.split(".");
    return { n: BigInt(whole + decimals), e: Number(power) - decimals.length };
  };
  const both = (a, b) => { // the two whole numbers at the smaller power, and that power
    const e = Math.min(a.e, b.e);
    return [a.n * ten(a.e - e), b.n * ten(b.e - e), e];
  };
  const less = (a, b) => { const [x, y] = both(a, b); return x < y; };
  const shortest = (a) => { // without zeros at its end
    let { n, e } = a;
    if (n === 0n) return { n, e: 0 };
    while (n % 10n === 0n) { n /= 10n; e += 1; }
    return { n, e };
  };
  return {
    of, ten, less, shortest,
    plus: (a, b) => { const [x, y, e] = both(a, b); return { n: x + y, e }; },
    minus: (a, b) => { const [x, y, e] = both(a, b); return { n: x - y, e }; },
    times: (a, b) => ({ n: a.n * b.n, e: a.e + b.e }),
    shift: (a, power) => ({ n: a.n, e: a.e + power }),
    rest: (a, b) => { const [x, y, e] = both(a, b); return { n: x % y, e }; },
    same: (a, b) => { const [x, y] = both(a, b); return x === y; },
    size: (a) => ({ n: a.n < 0n ? -a.n : a.n, e: a.e }),
    least: (...all) => all.reduce((a, b) => (less(b, a) ? b : a)),
    most: (...all) => all.reduce((a, b) => (less(a, b) ? b : a)),
    power: (a) => shortest(a).e + String(shortest(a).n).replace("-", "").length - 1, // of its first digit
    number: (a) => Number(`${a.n}e${a.e}`),
  };
})();

const Engine = (model) => {
  const { of, plus, minus, times, shift, rest, same, size, least, most, less, shortest } = Exact;
  const NOUGHT = of("0");
  const ONE_STEP = of("1");
  const LOST = "nothing could be computed";

  // -- what is printed: numerals/values.py and deriving/intervals.py --------------------------------------

  const DIGITS = "(?:\\d{1,3}(?:,\\d{3})+|\\d{1,3}(?:[\\u00a0\\u2009\\u202f]\\d{3})+|\\d{1,30})(?:\\.\\d{1,30})?";
  const NUMBER = new RegExp(`^[-\\u2212\\u2011\\u2013]?${DIGITS}$`);
  const RANGE = new RegExp(`^(${DIGITS})(?:[-\\u2013\\u2014~\\uff5e]| [-~\\u2013] )(${DIGITS})$`);

  /** Value, step and whether it is a fraction, of a token without its scale. */
  const numeral = (token) => {
    const digits = token.replace(/[:\uff1a]1$/, "");
    if (NUMBER.test(digits)) {
      const value = of(digits.replace(/[,\u00a0\u2009\u202f]/g, "").replace(/^[\u2212\u2011\u2013]/, "-"));
      const zeros = value.e === 0 && value.n !== 0n ? shortest(value).e : 0;
      return { value, step: { n: 1n, e: value.e < 0 ? value.e : zeros }, fraction: false };
    }
    const known = Object.hasOwn(model.words, token.toLowerCase()) && model.words[token.toLowerCase()];
    if (known) return { value: of(known[0]), step: of(known[1]), fraction: known[2] };
    const few = token.length > 12 ? `${token.slice(0, 12)}…` : token;
    throw new Error(`“${few}” is no number such as 2.7, 1,200 or 5-6.`);
  };
  const ends = (token) => { const found = token.match(RANGE); return found ? [found[1], found[2]] : [token]; };
  const kept = (value) => { // whether it is computed without loss: at most 15 digits, below 10^18
    const { n, e } = shortest(size(value));
    return String(n).length <= 15 && less({ n, e }, of("1e18"));
  };

  const WAN = of("1e4");
  const YI = of("1e8");
  const ten = (a) => shift(a, 1);
  const percent = (value, of_it) => shift(times(value, of(of_it)), -2);
  const rule = (rules, name) => {
    const [below, above, coarse, fine, factor, applies] = model.rules[rules][name];
    return { below, above, coarse, fine, factor, applies };
  };

  const halfStep = (value, last, chinese, applies) => {
    if (applies === "nothing" || value.n === 0n) return NOUGHT;
    if (applies === "every 5" && same(rest(value, ten(last)), times(of("5"), last))) return times(of("5"), last);
    const large = less(value, YI) ? WAN : YI;
    const half = times(large, of("0.5"));
    return chinese && !less(value, large) && same(rest(value, large), half) ? half : NOUGHT;
  };

  /** The step of one number of a print in base units. */
  const stepOf = (token, print, rules) => {
    const factor = of(model.scales[print.scale]);
    const its = rule(rules, print.qualifier);
    const found = numeral(token);
    const value = size(times(found.value, factor));
    const last = times(found.step, factor);
    let unit = last;
    if (!found.fraction) {
      const floor = print.scale ? NOUGHT : ONE_STEP;
      const hidden = print.scale ? !less(unit, factor) : less(ONE_STEP, unit);
      if (hidden) unit = least(unit, most(percent(value, its.coarse), floor));
      if (print.chinese && rule(rules, "wan_grid").applies === "yes") {
        for (const whole of [WAN, YI]) {
          if (!less(value, ten(whole)) && less(value, ten(ten(whole)))) unit = least(unit, whole);
        }
      }
      if (print.halves && !less(ONE_STEP, last) && rest(times(value, of("2")), ONE_STEP).n === 0n) unit = of("0.5");
      else {
        const half = halfStep(value, last, print.chinese, rule(rules, "half_steps").applies);
        unit = most(unit, least(half, percent(value, its.coarse)));
      }
    }
    return most(unit, percent(value, its.fine));
  };

  /** Whether a plain number is a count of all. */
  const counted = (last, print, rules) => {
    if (print.kind !== "count" || print.scale) return false;
    const thousands = less(last, WAN) ? "1000" : "100";
    const round = { "not thousands": thousands, "not hundreds": "100", "not tens": "10" };
    return last.n === 0n || rest(last, of(round[rule(rules, "counts").applies])).n !== 0n;
  };

  /** Value, low and high of a print by a rule set. Throws an Error whose message is for the reader. */
  const interval = (print, rules) => {
    const factor = of(model.scales[print.scale]);
    if (!Object.hasOwn(model.qualifiers, print.qualifier)) throw new Error(`There is no qualifier ${print.qualifier}.`);
    const parts = ends(print.token);
    const [first, last] = [parts[0], parts.at(-1)].map((part) => times(numeral(part).value, factor));
    if (less(last, first)) throw new Error("A range goes up, such as 5-6.");
    if (!kept(first) || !kept(last)) throw new Error("A number has 15 digits at most here, below 10^18.");
    if (print.most && less(of(print.most), last)) throw new Error(`This quantity is ${print.most} at most.`);
    const value = times(plus(first, last), of("0.5"));
    const exact = print.qualifier === "exact";
    const numbers = (...all) => all.map(Exact.number);
    if (exact && (model.set_by_rule.includes(print.status) || counted(last, print, rules))) return numbers(value, first, last);
    const unit = least(...parts.map((part) => stepOf(part, print, rules)));
    const its = rule(rules, print.qualifier);
    let low, high;
    if (exact) [low, high] = [minus(first, times(of(its.below), unit)), plus(last, times(of(its.above), unit))];
    else {
      const many = of(its.factor || "2");
      const far = less(first, NOUGHT) ? times(first, many) : NOUGHT;
      low = its.below === "all" ? far : minus(first, times(of(its.below), unit));
      high = its.above === "all" ? most(times(last, many), last) : plus(last, times(of(its.above), unit));
      if (its.above === "all" && print.most) high = of(print.most);
    }
    if (print.most) high = least(high, of(print.most));
    if (!less(first, NOUGHT)) low = most(low, NOUGHT);
    return numbers(value, low, high);
  };

  // -- prints of one quantity: deriving/cleaning.py ---------------------------------------------------------

  const { figures, repeats, sources, derived, claims } = model;
  const asPrint = (table, row) => {
    const [kind, , , halves] = model.units[table.unit[row]];
    return {
      token: table.token[row], scale: table.scale[row], kind, qualifier: table.qualifier[row],
      status: table.status[row], most: model.most[table.indicator[row]] || "", halves: halves === "yes",
      chinese: model.articles[table.article[row]][1],
    };
  };
  const PRINTS = figures.id.map((_, row) => ({ figure: row, print: asPrint(figures, row) }))
    .concat(repeats.figure.map((figure, row) => ({ figure, print: asPrint(repeats, row) })));
  const QUANTITIES = new Map(); // the numbers of the prints of each quantity, by the figure that stands for it
  PRINTS.forEach(({ figure }, number) => {
    const quantity = repeats.same[figure];
    QUANTITIES.set(quantity, [...(QUANTITIES.get(quantity) || []), number]);
  });
  const FIGURES = new Map(figures.id.map((id, row) => [id, row]));
  const rowOf = (id) => {
    if (!FIGURES.has(id)) throw new Error(`No printed figure has the id ${id}.`);
    return FIGURES.get(id);
  };
  const unchanged = {}; // the intervals of all prints, by rule set

  /** Value, low and high of every print. What prints a changed figure again in the same words changes with it. */
  const prints = (rules, changes) => {
    unchanged[rules] ||= PRINTS.map(({ print }) => interval(print, rules));
    const found = [...unchanged[rules]];
    for (const [id, change] of Object.entries(changes)) {
      const row = rowOf(id);
      const [, low, high] = unchanged[rules][row];
      const now = interval({ ...PRINTS[row].print, ...change }, rules);
      PRINTS.forEach(({ figure }, number) => {
        const [, its_low, its_high] = unchanged[rules][number];
        if (figure === row && its_low === low && its_high === high) found[number] = now;
      });
    }
    return found;
  };

  /** What all prints of a quantity allow, by figure; and the checks of prints of one quantity. */
  const narrowed = (found) => {
    const bounds = figures.id.map((_, row) => found[row]);
    const alike = {};
    for (const [quantity, numbers] of QUANTITIES) {
      if (numbers.length < 2) continue;
      const by = (end, better) => numbers.reduce((a, b) => (better(found[b][end], found[a][end]) ? b : a));
      const upper = by(1, (a, b) => a > b);
      const lower = by(2, (a, b) => a < b);
      const [low, high] = [found[upper][1], found[lower][2]];
      const width = (number) => found[number][2] - found[number][1];
      const finest = numbers.reduce((a, b) => (width(b) < width(a) ? b : a));
      const own = new Set(numbers.map((number) => PRINTS[number].figure));
      if (low <= high) {
        for (const figure of own) bounds[figure] = [Math.min(Math.max(found[finest][0], low), high), low, high];
      }
      const one = numbers.every((n) => found[n][1] === found[numbers[0]][1] && found[n][2] === found[numbers[0]][2]);
      if (one && own.size === 1) continue;
      const others = numbers.filter((number) => number !== upper).map((number) => found[number]);
      const expected = upper === lower
        ? [Math.max(...others.map((one_of) => one_of[1])), Math.min(...others.map((one_of) => one_of[2]))]
        : found[lower].slice(1);
      const id = figures.id[quantity] + model.alike;
      alike[id] = {
        claim: id, verdict: low <= high ? "consistent" : "in tension", otherwise: "in tension",
        observed: found[upper].slice(1), expected,
      };
    }
    return { bounds, alike };
  };

  // -- formulas: deriving/formula_language.py ---------------------------------------------------------------

  const finite = (value) => (Number.isFinite(value) ? value : NaN);
  const power = (x, y) => (Number.isFinite(x + y) ? finite(Math.pow(x, y)) : NaN);
  const logarithm = (x) => (Number.isFinite(x) ? finite(Math.log(x)) : NaN);
  const exponential = (x) => (Number.isFinite(x) ? finite(Math.exp(x)) : NaN);
  const OF_ONE = { "−": (a) => -a, ln: logarithm, exp: exponential };
  const OF_TWO = {
    "+": (a, b) => a + b, "−": (a, b) => a - b, "×": (a, b) => a * b, "/": (a, b) => a / b,
    "^": power, min: Math.min, max: Math.max,
  };
  const compute = (sign, parts) => finite(parts.length === 1
    ? OF_ONE[sign](parts[0])
    : parts.reduce((a, b) => OF_TWO[sign](a, b)));

  /** A formula from its steps: each a sign and its parts, which are earlier steps, slots or numbers. */
  const SLOT = /^x\d+$/;
  const compiled = (steps) => {
    const part = (given) => {
      if (typeof given === "number") return { step: given };
      return SLOT.test(given) ? { slot: Number(given.slice(1)) } : { value: Number(given) };
    };
    const made = steps.map((step) => (Array.isArray(step)
      ? { sign: step[0], parts: step.slice(1).map(part) }
      : { sign: "", parts: [part(step)] }));
    return ordered(made);
  };
  const ordered = (steps) => { // with the slots in the order in which a reader meets them
    const slots = new Set();
    const seen = new Set();
    const visit = (number) => {
      if (seen.has(number)) return;
      seen.add(number);
      for (const part of steps[number].parts) {
        if (part.step !== undefined) visit(part.step);
        else if (part.slot !== undefined) slots.add(part.slot);
      }
    };
    visit(steps.length - 1);
    return { steps, slots: [...slots] };
  };

  /** The result of a formula where its slots have these values; `step` computes one step. */
  const evaluate = ({ steps }, values, step = compute) => {
    const found = [];
    for (const { sign, parts } of steps) {
      const given = parts.map((part) => (part.step !== undefined ? found[part.step] : part.slot !== undefined ? values[part.slot] : part.value));
      found.push(sign ? step(sign, given) : given[0]);
    }
    return found.at(-1);
  };

  // -- intervals of formulas: deriving/enclosure.py ---------------------------------------------------------

  const { tolerance, noise, most_boxes, smallest, digits } = model.enclosure;
  const float = new Float64Array(1);
  const words = new Uint32Array(float.buffer);
  const [LOW_WORD, HIGH_WORD] = new Uint32Array(new Float64Array([1]).buffer)[1] ? [0, 1] : [1, 0];
  const above = (x) => { // the next number above
    if (Number.isNaN(x) || x === Infinity) return x;
    if (x === 0) return Number.MIN_VALUE;
    float[0] = x;
    if (x > 0) {
      words[LOW_WORD] += 1;
      if (words[LOW_WORD] === 0) words[HIGH_WORD] += 1;
    } else {
      if (words[LOW_WORD] === 0) words[HIGH_WORD] -= 1;
      words[LOW_WORD] -= 1;
    }
    return float[0];
  };
  const below = (x) => -above(-x);
  const ONE = [1, 1];
  const MINUS_ONE = [-1, -1];
  const NONE = [NaN, NaN];
  const outward = ([low, high]) => [low === 0 ? low : below(low), high === 0 ? high : above(high)];
  const hull = (values) => [Math.min(...values), Math.max(...values)];
  const negated = ([low, high]) => [-high, -low];
  const sum = (a, b) => outward([a[0] + b[0], a[1] + b[1]]);
  const product = (x, y) => (x === 0 || y === 0 ? 0 : x * y);
  const multiplied = (a, b) => {
    if (a === ONE || b === ONE) return a === ONE ? b : a;
    return outward(hull([product(a[0], b[0]), product(a[0], b[1]), product(a[1], b[0]), product(a[1], b[1])]));
  };
  const divided = (a, b) => (b[0] > 0 || b[1] < 0
    ? outward(hull([a[0] / b[0], a[0] / b[1], a[1] / b[0], a[1] / b[1]]))
    : NONE);
  const raised = (a, b, whole) => {
    let [low, high] = hull([power(a[0], b[0]), power(a[0], b[1]), power(a[1], b[0]), power(a[1], b[1])]);
    const around = a[0] < 0 && a[1] > 0;
    const steep = a[0] === 0 && b[0] < 0;
    if (steep || (around && b[0] > 0 && b[0] % 2 === 0)) low = 0;
    if (steep) high = Infinity;
    return (whole || a[0] >= 0) && !(around && b[0] < 0) ? outward(outward([low, high])) : NONE;
  };
  const logged = (a) => {
    const [low, high] = outward(outward(a.map(logarithm)));
    const from = a[0] === 0 ? -Infinity : low;
    return from <= high ? [from, high] : NONE;
  };

  /** `value` with its slopes by the chain rule, from its derivative by each of its parts. */
  const chained = (value, ...parts) => {
    const slopes = [];
    for (const [derivative, part] of parts) {
      part.slopes.forEach((slope, slot) => {
        const term = multiplied(derivative, slope);
        slopes[slot] = slopes[slot] ? sum(slopes[slot], term) : term;
      });
    }
    return { value: value.every(Number.isFinite) ? value : NONE, slopes };
  };
  const ofOne = (sign, a) => {
    if (sign === "−") return chained(negated(a.value), [MINUS_ONE, a]);
    if (sign === "ln") return chained(logged(a.value), [divided(ONE, a.value), a]);
    const value = outward(outward(a.value.map(exponential)));
    return chained(value, [value, a]);
  };
  const ofTwo = (sign, a, b) => {
    const [x, y] = [a.value, b.value];
    if (sign === "+") return chained(sum(x, y), [ONE, a], [ONE, b]);
    if (sign === "−") return chained(sum(x, negated(y)), [ONE, a], [MINUS_ONE, b]);
    if (sign === "×") return chained(multiplied(x, y), [y, a], [x, b]);
    if (sign === "/") {
      const value = divided(x, y);
      const dividend = chained(value, [ONE, a], [negated(value), b]);
      return { value: dividend.value, slopes: dividend.slopes.map((slope) => divided(slope, y)) };
    }
    if (sign === "max") return ofOne("−", ofTwo("min", ofOne("−", a), ofOne("−", b)));
    if (sign === "min") {
      const first = x[1] <= y[0];
      const second = !first && y[1] <= x[0];
      const [byA, byB] = [[Number(first), 1 - second], [Number(second), 1 - first]];
      return chained([Math.min(x[0], y[0]), Math.min(x[1], y[1])], [byA, a], [byB, b]);
    }
    const whole = y[0] === y[1] && y[0] % 1 === 0;
    const value = raised(x, y, whole);
    const fewer = whole ? [y[0] - 1, y[1] - 1] : sum(y, MINUS_ONE);
    const byExponent = b.slopes.length ? multiplied(value, logged(x)) : ONE;
    return chained(value, [multiplied(y, raised(x, fewer, whole)), a], [byExponent, b]);
  };
  const boundedStep = (sign, parts) => {
    if (parts.every((part) => typeof part === "number")) return compute(sign, parts);
    const all = parts.map((part) => (typeof part === "number" ? { value: [part, part], slopes: [] } : part));
    return all.length === 1 ? ofOne(sign, all[0]) : all.reduce((a, b) => ofTwo(sign, a, b));
  };
  /** Bounds of a formula over a box, with slopes by the slots that move. */
  const bounded = (formula, box, moving) => {
    const values = [];
    for (const slot of formula.slots) values[slot] = box[slot][0];
    for (const slot of moving) {
      const slopes = [];
      slopes[slot] = ONE;
      values[slot] = { value: box[slot], slopes };
    }
    const result = evaluate(formula, values, boundedStep);
    return typeof result === "number" ? { value: [result, result], slopes: [] } : result;
  };

  /** The least and the greatest value of a formula over a box, by slot; NaN where it may have none. */
  const enclose = (formula, box) => {
    const moving = formula.slots.filter((slot) => box[slot][0] < box[slot][1]);
    const { value, slopes } = bounded(formula, box, moving);
    let proved = Number.isFinite(value[0]);
    const corners = [[], []];
    for (const slot of formula.slots) corners[0][slot] = corners[1][slot] = box[slot][0];
    for (const slot of moving) {
      const [down, up] = slopes[slot];
      proved &&= down >= 0 || up <= 0;
      const [low, high] = box[slot];
      [corners[0][slot], corners[1][slot]] = down >= 0 ? [low, high] : [high, low];
    }
    const [lowest, highest] = hull(corners.map((corner) => evaluate(formula, corner)));
    if (!Number.isFinite(lowest) || proved) return [lowest, highest];
    const last = formula.steps.length - 1;
    const opposite = { steps: [...formula.steps, { sign: "−", parts: [{ step: last }] }], slots: formula.slots };
    const upper = greatest(formula, box, moving, highest, lowest);
    const lower = -greatest(opposite, box, moving, -lowest, -upper);
    return Number.isFinite(lower) && Number.isFinite(upper) ? [lower, upper] : NONE;
  };

  /** The greatest value over a box, by branch and bound; `best` and `worst` are values within it. */
  const greatest = (formula, whole, moving, best, worst) => {
    let parts = [whole];
    let bound = best;
    let looked = 0;
    while (parts.length) {
      looked += parts.length;
      const seen = parts.map((part) => {
        const over = bounded(formula, part, moving);
        const sound = Number.isFinite(over.value[1]);
        const box = [...part];
        const place = [...part];
        const middle = [];
        for (const slot of formula.slots) middle[slot] = part[slot][0];
        let total = 0;
        const effects = moving.map((slot) => {
          const [down, up] = sound ? over.slopes[slot] : NONE;
          if (down >= 0) box[slot] = [box[slot][1], box[slot][1]];
          if (up <= 0) box[slot] = [box[slot][0], box[slot][0]];
          const [low, high] = box[slot];
          middle[slot] = (low + high) / 2;
          place[slot] = [middle[slot], middle[slot]];
          const effect = (high > low ? Math.max(Math.abs(down), Math.abs(up)) : 0) * (high - low);
          total += effect;
          return { slot, effect, width: high - low };
        });
        return { box, place, middle, effects, total, over: over.value[1], reached: evaluate(formula, middle) };
      });
      if (looked > most_boxes || !seen.every(({ reached }) => Number.isFinite(reached))) return NaN;
      best = Math.max(best, ...seen.map(({ reached }) => reached));
      worst = Math.min(worst, ...seen.map(({ reached }) => reached));
      const near = best + tolerance * (best - worst) + noise * Math.abs(best);
      parts = [];
      for (const { box, place, middle, effects, total, over, reached } of seen) {
        const central = bounded(formula, place, moving).value[1];
        const mean = above(central + total * 0.5000001);
        const lesser = Number.isNaN(over) ? mean : Number.isNaN(mean) ? over : Math.min(over, mean);
        const top = effects.some(({ width }) => width > 0) ? lesser : reached;
        const order = effects.map(({ slot, effect, width }) => (width > smallest * (whole[slot][1] - whole[slot][0])
          ? Number.isFinite(effect) ? effect : width
          : -1));
        if (top <= near || !order.some((one) => one >= 0)) {
          bound = Math.max(bound, top);
          continue;
        }
        const { slot } = effects[order.indexOf(Math.max(...order))];
        const [lower, upper] = [[...box], [...box]];
        lower[slot] = [box[slot][0], middle[slot]];
        upper[slot] = [middle[slot], box[slot][1]];
        parts.push(lower, upper);
      }
    }
    return Math.max(best, bound);
  };

  // -- derived quantities: deriving/derivations.py ----------------------------------------------------------

  /** At `digits` significant digits, after the noise of binary arithmetic is cut at the 15th. */
  const keptDigits = (value, direction = "even") => {
    if (!Number.isFinite(value) || value === 0) return value;
    const [mantissa, power] = Math.abs(value).toExponential(14).split("e");
    const all = mantissa.replace(".", "");
    const cut = BigInt(all.slice(0, digits));
    const left = Number(all.slice(digits));
    const half = 10 ** (all.length - digits) / 2;
    const up = direction === "even" ? left > half || (left === half && cut % 2n === 1n)
      : left > 0 && (direction === "up") === value > 0;
    return Math.sign(value) * Number(`${cut + BigInt(up)}e${Number(power) - digits + 1}`);
  };
  const keptBounds = (value, low, high) => ([value, low, high].every(Number.isFinite)
    ? [keptDigits(value), keptDigits(low, "down"), keptDigits(high, "up")]
    : [NaN, NaN, NaN]);

  const FORMULAS = model.formulas.map(compiled);
  const GIVEN = figures.id.length + sources.id.length; // how many quantities are not derived
  const SOURCES = sources.id.map((_, row) => [sources.value[row], sources.low[row], sources.high[row]]);
  const overLeaves = derived.id.map(() => null);
  /** The formula of a derived quantity over figures, constants and comparators alone; `leaves` are theirs. */
  const ofLeaves = (row) => {
    if (overLeaves[row]) return overLeaves[row];
    const [steps, parts, slots] = [[], new Map(), new Map()];
    const visit = (place) => {
      if (place < GIVEN) {
        if (!slots.has(place)) slots.set(place, slots.size);
        return { slot: slots.get(place) };
      }
      if (!parts.has(place)) {
        const inputs = derived.inputs[place - GIVEN].map(visit);
        const first = steps.length;
        for (const step of FORMULAS[derived.formula[place - GIVEN]].steps) {
          const own = (part) => (part.step !== undefined ? { step: part.step + first } : part.slot !== undefined ? inputs[part.slot] : part);
          steps.push({ sign: step.sign, parts: step.parts.map(own) });
        }
        parts.set(place, { step: steps.length - 1 });
      }
      return parts.get(place);
    };
    visit(row + GIVEN);
    return overLeaves[row] = { formula: ordered(steps), leaves: [...slots.keys()] };
  };

  /** Value, low and high of every quantity, in the order of figures, sources and derived quantities. */
  const computed = (bounds) => {
    const box = [...bounds, ...SOURCES];
    const moving = box.map(([, low, high], place) => (low < high ? [place] : []));
    derived.id.forEach((_, row) => {
      const inputs = derived.inputs[row];
      const formula = FORMULAS[derived.formula[row]];
      const given = inputs.map((place) => box[place]);
      let own = [NaN, NaN, NaN];
      if (given.every((ends_of) => ends_of.every(Number.isFinite))) {
        const [low, high] = enclose(formula, given.map((ends_of) => ends_of.slice(1)));
        own = keptBounds(evaluate(formula, given.map((ends_of) => ends_of[0])), low, high);
      }
      const all = inputs.flatMap((place) => moving[place]);
      const leaves = [...new Set(all)];
      moving.push(leaves);
      box.push(leaves.length < all.length ? sharper(own, row, box) : own);
    });
    return box;
  };
  /** Bounds cut down to what the formula over leaves allows: an input that occurs twice is one. */
  const sharper = (own, row, box) => {
    const { formula, leaves } = ofLeaves(row);
    const [low, high] = enclose(formula, leaves.map((place) => box[place].slice(1)));
    const narrow = keptBounds(own[0], low, high);
    if (Number.isNaN(narrow[1])) return own;
    const [from, to] = [Math.max(own[1], narrow[1]), Math.min(own[2], narrow[2])];
    return [Math.min(Math.max(own[0], from), to), from, to];
  };

  // -- claims: checking/claims.py and checking/what_if.py ---------------------------------------------------

  const compared = (box) => {
    const found = {};
    claims.id.forEach((id, row) => {
      const [test, otherwise, grade] = [claims.test[row], claims.otherwise[row], claims.grade[row]];
      const untested = claims.expected[row] < 0;
      const [, low, high] = box[claims.observed[row]];
      const [, from, to] = untested ? [0, -Infinity, Infinity] : box[claims.expected[row]];
      const expected = [test === "at_most" ? -Infinity : from, test === "at_least" ? Infinity : to];
      const meet = Math.max(low, expected[0]) <= Math.min(high, expected[1]);
      const ratios = [expected[1] > 0 ? low / expected[1] : NaN, high > 0 ? expected[0] / high : NaN];
      const apart = Math.max(...ratios.filter((ratio) => !Number.isNaN(ratio)));
      const unexplained = otherwise === "in tension" && grade !== model.weakest && apart > model.explained;
      const missing = Number.isNaN(low) || Number.isNaN(from);
      const verdict = missing ? LOST : untested ? "not checkable" : meet ? "consistent" : unexplained ? "contradicted" : otherwise;
      const shown = (end) => (Number.isFinite(end) ? keptDigits(end) : null);
      found[id] = {
        claim: claims.claim[row], verdict, otherwise,
        observed: [low, high].map(shown), expected: expected.map(shown),
      };
    });
    return found;
  };
  const ofReadings = (verdicts) => {
    const found = new Set(verdicts);
    if (found.has("consistent")) return "consistent";
    if (found.has(LOST)) return LOST;
    if (found.has("not checkable") && found.size > 1) return "undecided";
    return Object.keys(model.verdicts).find((verdict) => found.has(verdict));
  };

  /**
   * Everything by a rule set and after changes of what is printed: `{figure_id: {token, qualifier}}`, where either
   * may be left out. Figures and derived quantities have value, low and high (NaN where nothing could be computed);
   * checks have claim, verdict, otherwise and the two intervals; claims are verdicts. Throws an Error, whose message is
   * for the reader, for what is no number or cannot be printed of the figure.
   */
  const run = ({ rules = "usual", changes = {} } = {}) => {
    if (!Object.hasOwn(model.rules, rules)) throw new Error(`There are no rules ${rules}.`);
    const { bounds, alike } = narrowed(prints(rules, changes));
    const box = computed(bounds);
    const named = (ids, from) => Object.fromEntries(ids.map((id, row) => {
      const [value, low, high] = box[from + row];
      return [id, { value, low, high }];
    }));
    const own = named(figures.id, 0);
    for (const [id, found] of Object.entries(own)) {
      const { token, qualifier } = { ...PRINTS[rowOf(id)].print, ...changes[id] };
      Object.assign(found, { token, qualifier });
    }
    const checks = { ...compared(box), ...alike };
    const readings = {};
    for (const { claim, verdict } of Object.values(checks)) (readings[claim] ||= []).push(verdict);
    const verdicts = Object.fromEntries(Object.entries(readings).map(([claim, all]) => [claim, ofReadings(all)]));
    return { figures: own, derived: named(derived.id, GIVEN), checks, claims: verdicts };
  };

  // -- how a number is shown: reporting/numbers.py ----------------------------------------------------------

  const unitStep = (power) => ({ n: 1n, e: power });
  const firstDigit = (value) => Number(value.toExponential().split("e")[1]);
  const shownStep = (value, low, high) => {
    if (low === value && high === value && Number.isInteger(value)) return unitStep(0);
    let exponent = value ? firstDigit(Math.abs(value)) - model.show.significant + 1 : -model.show.significant;
    if (high - low > 0) exponent = Math.max(exponent, Math.floor(Math.log10((high - low) / 2) + 1e-9));
    return unitStep(exponent);
  };
  const written = (value, places) => {
    const all = String(size(value).n * Exact.ten(Math.max(0, value.e + places))).padStart(places + 1, "0");
    const cut = all.length - places;
    const whole = all.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
    return (value.n < 0n ? "−" : "") + whole + (places ? `.${all.slice(cut)}` : "");
  };
  const tidy = (number) => { const { n, e } = shortest(of(number)); return e > 0 ? { n: n * Exact.ten(e), e: 0 } : { n, e }; };

  /**
   * A quantity in the digits in which the reports show it: `value` with qualifier and unit, `range`, its `low` and
   * `high` end, and `number` without unit. `kind` is figure, derived, comparator, constant or statistic.
   */
  const show = ({ kind, value: middle, low: from, high: to, unit = "", qualifier = "", token = "" }) => {
    if (![middle, from, to].every(Number.isFinite)) return { value: LOST, range: LOST, low: LOST, high: LOST, number: LOST };
    const [value, low, high] = [middle, from, to].map(tidy);
    const [unitKind, singular, plural] = model.units[unit] || ["", "", ""];
    const { significant, least_scale, finest, most_digits, point, point_below_one, source_decimals, scales, qualifiers } = model.show;
    const width = minus(high, low);
    const single = !less(shift(size(high), -9), width);
    const printed = kind === "figure" || kind === "comparator";
    const hasUnit = Object.hasOwn(model.units, unit);
    const points = hasUnit && plural === "percentage points";
    const ofCounts = !hasUnit || (unitKind === "share" && !points);
    const whole = (number) => shortest(number).e >= 0;
    if (kind === "derived" && !single) qualifier = same(value, low) ? "at_least" : same(value, high) ? "at_most" : "";
    const digits = (number) => {
      const step = unitStep(Exact.power(value.n ? value : high) - number + 1);
      return number < significant ? least(step, ONE_STEP) : step;
    };
    const finestStep = () => {
      if (!hasUnit || !(value.n || high.n)) return NOUGHT;
      let fine = points ? of(less(size(value), ONE_STEP) ? point_below_one : point) : of(finest[unitKind] || "0");
      if (!points && most_digits[unitKind]) fine = most(fine, digits(most_digits[unitKind]));
      return less(width, fine) ? least(fine, digits(1)) : fine;
    };
    const leastOfSource = () => {
      if (unitKind === "rate" || unitKind === "share") return of(source_decimals);
      return unitKind === "money" ? digits(significant) : NOUGHT;
    };
    /** One unit of the last decimal of the token, where the value is the token times a power of ten. */
    const tokenStep = () => {
      const found = token.match(/^([\d,]+)(\.\d+)/);
      if (!found || !value.n) return null;
      const number = shortest(of(found[0].replace(/,/g, "")));
      const own = shortest(value);
      return number.n && number.n === own.n ? unitStep(own.e - number.e + 1 - found[2].length) : null;
    };
    const ownStep = () => {
      const given = value.n ? unitStep(shortest(value).e) : ONE_STEP;
      if (kind === "figure" || kind === "constant") return least(given, tokenStep() || given);
      if (kind === "comparator") return most(width.n ? unitStep(Exact.power(width)) : given, leastOfSource());
      if (!width.n && (kind === "statistic" || whole(value))) return given;
      if (!width.n) return most(given, digits(significant), finestStep());
      let step = shownStep(middle, from, to);
      const steps = shift(width, -step.e);
      if (kind === "statistic" && ofCounts) step = least(step, digits(2));
      else if ((!less(steps, ONE_STEP) && less(steps, of("10"))) || (kind === "statistic" && points)) step = shift(step, -1);
      step = most(step, digits(significant), finestStep());
      return kind === "statistic" && !hasUnit ? most(step, given) : step;
    };
    const step = ownStep();
    const rounded = (amount, by, direction = "even") => {
      const moved = shift(amount, -by.e), base = Exact.ten(Math.max(0, -moved.e));
      const exact = moved.e >= 0 ? moved.n * Exact.ten(moved.e) : moved.n;
      let count = exact / base, left = exact % base;
      if (left < 0n) { count -= 1n; left += base; } // now rounded down
      if (direction === "even" ? 2n * left > base || (2n * left === base && count % 2n !== 0n) : direction === "up" && left > 0n) count += 1n;
      return { n: count, e: by.e };
    };
    const way = kind === "derived" ? { at_least: "down", at_most: "up" }[qualifier] || "even" : "even";
    const shownValue = rounded(value, step, way);
    const scale = (amount) => {
      if (unitKind !== "money" && unitKind !== "count") return [0, ""];
      const fits = ([, factor]) => !less(size(amount), of(factor)) && Number(factor) >= least_scale;
      const found = Object.entries(scales).reverse().find(fits);
      return found ? [shortest(of(found[1])).e, found[0]] : [0, ""];
    };
    const withUnit = (text, word, many = true) => {
      const name = (many ? plural : singular).replace(/^%(.*)$/, (all) => all.replaceAll("%", "percent"));
      return [text, word, name].filter(Boolean).join(" ");
    };
    const grouped = (amount, by) => written(rounded(amount, by), Math.max(0, -by.e));
    const united = () => {
      const [factor, word] = scale(shownValue);
      return withUnit(grouped(shift(shownValue, -factor), shift(step, -factor)), word, !same(shownValue, ONE_STEP));
    };
    const oneStep = single || (kind !== "figure" && less(width, step));
    const shownEnds = () => {
      const [factor, word] = scale(high);
      let by = step;
      if (printed) by = unitStep(Math.min(0, ...[low, high].map((end) => shortest(shift(end, -factor)).e)) + factor);
      const both = [rounded(low, by, "down"), rounded(high, by, "up")].map((end) => grouped(shift(end, -factor), shift(by, -factor)));
      return [...both, word];
    };
    const [first, last, word] = shownEnds();
    const counted = kind !== "statistic" || ((!hasUnit || unitKind === "count") && whole(value));
    const exactly = same(low, value) && same(value, high) && same(value, shownValue) && counted;
    return {
      value: `${qualifiers[qualifier] || ""} ${united()}`.trimStart(),
      number: grouped(shownValue, step),
      range: exactly ? `${qualifiers.exactly} ${united()}` : oneStep ? united() : withUnit(`${first} to ${last}`, word),
      low: oneStep ? united() : withUnit(first, word),
      high: oneStep ? united() : withUnit(last, word),
    };
  };

  /** Value, low and high of one print of a figure, as it is or changed; throws as `run` does. */
  const ofPrint = ({ figure, rules = "usual", ...change }) => interval({ ...PRINTS[rowOf(figure)].print, ...change }, rules);

  return { run, show, ofPrint };
};
