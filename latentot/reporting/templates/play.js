"use strict";
// Play: a pair, two methods, a position t: what is decoded there, how far from the origin it is, how far it drifts.
(() => {
  const holder = document.getElementById("play-data");
  if (!holder) return;
  const { worlds } = JSON.parse(holder.textContent);
  const stage = document.querySelector("#play .stage");
  const one = (name) => stage.querySelector(`[data-${name}]`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const state = { world: 0, pair: 0, methods: [0, 1], place: 0, running: 0, step: 1 };
  const colour = (method) => `var(--m${method.look % 7})`;
  const world = () => worlds[state.world];
  const chosen = () => state.methods.map((place) => world().methods[place]);

  // Values between positions that were measured lie on the line between these.
  const between = (at, values, t) => {
    if (!at.length) return NaN;
    const right = at.findIndex((x) => x >= t);
    if (right <= 0) return values[right === 0 ? 0 : at.length - 1];
    const part = (t - at[right - 1]) / (at[right] - at[right - 1]);
    return values[right - 1] + part * (values[right] - values[right - 1]);
  };
  const norm = (method, t) => between(method.at, method.walks[state.pair] ?? method.middle, t);
  const short = (value) => Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
  const shown = (name) => name.length > 18 ? `${name.slice(0, 17)}…` : name;

  const draw = (svg, parts) => {
    svg.replaceChildren(...parts.filter(Boolean).map(([tag, attributes, text]) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) {
        if (name === "paint") Object.assign(element.style, value);
        else element.setAttribute(name, value);
      }
      if (text !== undefined) element.textContent = text;
      return element;
    }));
  };
  const line = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const apart = (places, least) => {
    const order = places.map((y, i) => [y, i]).sort((a, b) => a[0] - b[0]);
    const found = [...places];
    order.forEach(([y, i], rank) => { found[i] = rank ? Math.max(y, found[order[rank - 1][1]] + least) : y; });
    return found;
  };

  const quantiles = (law) => {
    let sum = 0;
    const sums = law.density.map((value) => (sum += value));
    const at = (part) => law.at[Math.max(0, sums.findIndex((value) => value >= part * sum))];
    const below = (x) => sums[Math.max(0, law.at.findLastIndex((value) => value <= x))] / sum;
    return { low: at(.025), high: at(.975), below };
  };

  const bubble = (t, law) => {
    const all = world().methods;
    const far = Math.max(law.high, ...all.flatMap((method) => [...method.middle, ...(method.walks[state.pair] ?? [])]));
    const place = (radius, at) => {
      const angle = Math.atan2(at, 1 - at);
      return [14 + 222 * radius / far * Math.cos(angle), 236 - 222 * radius / far * Math.sin(angle)];
    };
    const steps = Array.from({ length: 25 }, (_, i) => i / 24);
    const ring = [...steps.map((at) => place(law.high, at)), ...steps.toReversed().map((at) => place(law.low, at))];
    const walks = all.map((method) => ["polyline", {
      class: chosen().includes(method) ? "walk" : "walk other", paint: { stroke: colour(method) },
      points: line(steps.map((at) => place(norm(method, at), at))),
    }]);
    const dots = chosen().map((method) => place(norm(method, t), t));
    const heights = apart(dots.map((dot) => dot[1] + 4), 13);
    draw(one("bubble"), [
      ["polygon", { class: "band", points: line(ring) }],
      ["polyline", { class: "axis", points: line([place(far, 0), place(0, 0), place(far, 1)]) }],
      ...walks,
      ...dots.map(([cx, cy], i) => ["circle", { class: "here", cx, cy, r: 6, paint: { fill: colour(chosen()[i]) } }]),
      ...dots.map(([x], i) => ["text", { x: Math.min(x + 10, 225), y: heights[i] }, shown(chosen()[i].name)]),
      ["text", { x: 17, y: 248, class: "faint" }, "origin"],
    ]);
  };

  const density = (t, law) => {
    const { at, density: heights } = world().law;
    const values = chosen().map((method) => norm(method, t));
    const everything = world().methods.flatMap((method) => method.walks[state.pair] ?? method.middle);
    const tall = Math.max(...heights) || 1;
    const visible = at.filter((_, i) => heights[i] > .002 * tall);
    const [low, high] = [Math.min(visible[0], ...everything), Math.max(visible.at(-1), ...everything)];
    const x = (value) => 10 + 300 * (value - low) / (high - low || 1);
    const shape = at.map((value, i) => [x(value), 160 - 130 * heights[i] / tall]).filter(([place]) => place >= 9 && place <= 311);
    const rise = apart([14, 27], 13);
    draw(one("norm"), [
      ["polygon", { class: "band", points: line([[shape[0]?.[0] ?? 10, 160], ...shape, [shape.at(-1)?.[0] ?? 310, 160]]) }],
      ["line", { class: "axis", x1: 10, x2: 310, y1: 160, y2: 160 }],
      ...values.map((value, i) => ["line", { x1: x(value), x2: x(value), y1: rise[i] + 3, y2: 160, class: "walk", "stroke-dasharray": i ? "5 3" : "none", paint: { stroke: colour(chosen()[i]) } }]),
      ...values.map((value, i) => ["text", { x: x(value), y: rise[i], "text-anchor": x(value) > 220 ? "end" : x(value) < 90 ? "start" : "middle" }, shown(chosen()[i].name)]),
      ...[low, (low + high) / 2, high].map((value, i) => ["text", { x: x(value), y: 175, class: "faint", "text-anchor": ["start", "middle", "end"][i] }, short(value)]),
    ]);
    one("norms").textContent = `Norm of ${chosen().every((method) => method.walks[state.pair]) ? "this walk's point" : "the middle point"} in the density of norms (${world().law.exact ? "exact" : "reference points"}): `
      + chosen().map((method, i) => `${method.name} ${short(values[i])}, above ${short(100 * law.below(values[i]))} % of draws`).join("; ") + ".";
  };

  const drift = (t) => {
    const { band, metric, unit } = world();
    const curves = world().methods.filter((method) => method.drift.length);
    const heights = [...curves.flatMap((method) => method.drift.map((pair) => pair[1])), ...band];
    const [low, high] = [Math.min(0, ...heights), Math.max(...heights)];
    const x = (value) => 34 + 270 * value;
    const y = (value) => 160 - 145 * (value - low) / (high - low || 1);
    const at = (method) => between(method.drift.map((pair) => pair[0]), method.drift.map((pair) => pair[1]), t);
    draw(one("drift"), [
      band.length ? ["rect", { class: "band", x: 34, width: 270, y: y(band[2]), height: Math.max(1, y(band[0]) - y(band[2])) }] : null,
      ["polyline", { class: "axis", points: line([[34, 15], [34, 160], [304, 160]]) }],
      ...curves.map((method) => ["polyline", { class: chosen().includes(method) ? "walk" : "walk other", paint: { stroke: colour(method) }, points: line(method.drift.map(([a, b]) => [x(a), y(b)])) }]),
      ["line", { class: "axis", x1: x(t), x2: x(t), y1: 15, y2: 160, "stroke-dasharray": "2 3" }],
      ...chosen().filter((method) => method.drift.length).map((method) => ["circle", { class: "here", cx: x(t), cy: y(at(method)), r: 5, paint: { fill: colour(method) } }]),
      ...[low, high].map((value) => ["text", { x: 30, y: y(value) + 4, class: "faint", "text-anchor": "end" }, short(value)]),
      ...[0, .5, 1].map((value) => ["text", { x: x(value), y: 175, class: "faint", "text-anchor": "middle" }, value]),
    ]);
    one("drifts").textContent = metric
      ? `Drift, ${metric}${unit ? ` (${unit})` : ""}: ${chosen().map((method) => `${method.name} ${short(at(method))}`).join("; ")}${band.length ? `; without drift ${short(band[0])} to ${short(band[2])} (grey)` : ""}.`
      : "";
  };

  const pictures = (t) => chosen().forEach((method, i) => {
    const canvas = stage.querySelector(`[data-picture="${i}"]`);
    stage.querySelector(`[data-name="${i}"]`).textContent = method.name;
    const strip = [...document.querySelectorAll("img[data-strip]")].find((image) => image.dataset.strip === `${world().endpoints}/${state.pair}` && image.dataset.method === method.name);
    canvas.setAttribute("aria-label", `${method.name}, decoded at t = ${t.toFixed(3)}`);
    if (!strip?.complete || !strip.naturalWidth) return;
    const [frames, height] = [world().t.length, strip.naturalHeight];
    const width = strip.naturalWidth / frames;
    canvas.width = width;
    canvas.height = height;
    canvas.style.imageRendering = strip.classList.contains("small") ? "pixelated" : "auto";
    canvas.style.aspectRatio = `${width} / ${height}`;
    canvas.getContext("2d").drawImage(strip, state.place * width, 0, width, height, 0, 0, width, height);
  });

  const show = () => {
    const t = world().t[state.place];
    const law = quantiles(world().law);
    one("slide").max = world().t.length - 1;
    one("slide").value = state.place;
    one("slide").setAttribute("aria-valuetext", `t = ${t}`);
    one("t").textContent = short(t);
    if (world().decoded) pictures(t);
    stage.querySelector(".pictures").hidden = !world().decoded;
    bubble(t, law);
    density(t, law);
    drift(t);
  };

  const fill = (select, names, value) => {
    select.replaceChildren(...names.map((name, place) => new Option(name, place)));
    select.value = value;
  };
  const enter = (place) => {
    state.world = place;
    const names = world().methods.map((method) => method.name);
    state.methods = [0, 1].map((i) => Math.min(state.methods[i], names.length - 1));
    state.pair = Math.min(state.pair, Math.max(0, world().pairs - 1));
    state.place = Math.floor(world().t.length / 2);
    [0, 1].forEach((i) => fill(stage.querySelector(`[data-method="${i}"]`), names, state.methods[i]));
    fill(one("pair"), Array.from({ length: world().pairs }, (_, i) => i + 1), state.pair);
    one("pairs").hidden = world().pairs < 2;
    show();
  };
  const stop = () => {
    clearInterval(state.running);
    state.running = 0;
    one("run").textContent = "▶ Play";
    one("run").setAttribute("aria-pressed", "false");
  };
  const forward = () => {
    const last = world().t.length - 1;
    if (state.place + state.step > last || state.place + state.step < 0) state.step = -state.step;
    state.place += state.step;
    show();
  };
  one("run").addEventListener("click", () => {
    // Who wants less motion moves on by one position with each press.
    if (calm.matches) { forward(); return; }
    if (state.running) { stop(); return; }
    state.running = setInterval(forward, 3000 / world().t.length);
    one("run").textContent = "❚❚ Pause";
    one("run").setAttribute("aria-pressed", "true");
  });
  one("slide").addEventListener("input", (event) => { stop(); state.place = Number(event.target.value); show(); });
  one("pair").addEventListener("change", (event) => { state.pair = Number(event.target.value); show(); });
  stage.querySelectorAll("[data-method]").forEach((select, i) => select.addEventListener("change", () => {
    state.methods[i] = Number(select.value);
    show();
  }));
  const chooser = one("world");
  if (chooser) {
    fill(chooser, worlds.map((own) => own.title), 0);
    chooser.addEventListener("change", () => { stop(); enter(Number(chooser.value)); });
  }
  // The method that drifts most, linear mostly, beside the one that is recommended.
  const best = worlds[0].methods.findIndex((method) => method.name === holder.parentElement.dataset.best);
  if (best >= 0) state.methods = [worlds[0].methods.findIndex((_, i) => i !== best), best].map((place) => Math.max(0, place));
  stage.hidden = false;
  enter(0);
  addEventListener("load", show);
})();
