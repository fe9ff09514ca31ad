"use strict";
// Lists the plans of a day, draws their routes, and shows how many fly where and when. All that is
// said comes from the page in both languages; names are set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const tone = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const MINUTE_MS = 60_000;
  const UTC8_MS = 8 * 60 * MINUTE_MS;

  function element(tag, { text, ...attributes } = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    node.append(...children);
    return node;
  }

  // A text in both languages, [zh, en]; the page shows one of them.
  function said([zh, en], tag = "span") {
    if (zh === en) return element(tag, { text: en });
    return element(tag, {}, element("span", { lang: "zh", text: zh }), element("span", { lang: "en", text: en }));
  }
  const inBoth = ([zh, en], ...values) => {
    const filled = (text) => values.reduce((t, value) => t.replace("{}", () => value), text);
    return [filled(zh), filled(en)];
  };

  // A time of UTC+8, whatever the clock of the reader.
  function clock(ms, withDay = true) {
    const text = new Date(ms + UTC8_MS).toISOString();
    return withDay ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 16);
  }

  // The plans

  const chips = [...byId("chips").children];
  const [ID, OPERATOR, DEPARTURE, DECISION, BEST, WORST, FINDINGS, DUE, CONFLICTS, PAGE] = [...Array(10).keys()];
  const plans = data.plans.map((row, number) => ({ row, number }));
  const hasConflicts = document.querySelector("[data-sort='8']") !== null;
  const view = { decision: null, text: "", sort: DECISION, down: false };
  const AT_ONCE = 100;
  const MOST_PRINTED = Number(byId("printed").dataset.most);
  let listed = plans;
  let shown = 0;

  function order({ row }) {
    if (view.sort === OPERATOR) return data.operators[row[OPERATOR]];
    if (view.sort === DUE) return row[DUE].length ? row[DUE][0] : Infinity;
    return row[view.sort];
  }

  function list() {
    const text = view.text.toLowerCase();
    listed = plans.filter(
      ({ row }) =>
        (view.decision === null || row[DECISION] === view.decision) &&
        (row[ID].toLowerCase().includes(text) || data.operators[row[OPERATOR]].toLowerCase().includes(text)),
    );
    const sign = view.down ? -1 : 1;
    listed.sort((a, b) => {
      const [x, y] = [order(a), order(b)];
      return x < y ? -sign : x > y ? sign : a.number - b.number;
    });
    byId("rows").replaceChildren();
    byId("shown").textContent = `${listed.length} / ${plans.length}`;
    shown = 0;
    more();
    for (const button of document.querySelectorAll("[data-sort]")) {
      const chosen = Number(button.dataset.sort) === view.sort;
      button.setAttribute("aria-pressed", chosen);
      button.toggleAttribute("data-down", chosen && view.down);
    }
    for (const button of document.querySelectorAll(".pick")) {
      button.setAttribute("aria-pressed", Number(button.dataset.decision) === view.decision);
    }
    dressRoutes();
  }

  function more(count = AT_ONCE) {
    const next = listed.slice(shown, shown + count);
    byId("rows").append(...next.map(rowOf));
    shown += next.length;
  }

  function rowOf({ row, number }) {
    const name = row[PAGE]
      ? element("a", { href: row[PAGE], text: row[ID] })
      : element("button", { type: "button", class: "link", text: row[ID] });
    const decision = element("td", {}, chips[row[DECISION]].cloneNode(true));
    if (row[BEST] !== row[WORST]) {
      const word = (at, lang) => chips[at].querySelector(`[lang=${lang}]`).textContent;
      const ends = ["zh", "en"].map((lang, at) =>
        inBoth(data.words.from_to, word(row[BEST], lang), word(row[WORST], lang))[at]);
      decision.append(element("span", { class: "range" }, said(ends)));
    }
    const findings = element("ul");
    for (let at = 0; at < row[FINDINGS].length; at += 2) {
      const [status, text] = row[FINDINGS].slice(at, at + 2);
      findings.append(element("li", {}, element("b", {}, said(data.statuses[status])), " ", said(data.texts[text])));
    }
    const due = element("td");
    if (row[DUE].length) {
      const [minutes, text, isLate] = row[DUE];
      if (isLate) due.append(element("b", { class: "late" }, "⚠ ", said(data.words.late)), " ");
      due.append(element("span", { class: "when", text: clock(minutes * MINUTE_MS) }), element("br"), said(data.texts[text]));
    }
    const cells = [
      element("td", {}, name),
      decision,
      element("td", { class: "when", text: clock(row[DEPARTURE] * MINUTE_MS) }),
      element("td", { text: data.operators[row[OPERATOR]] }),
      element("td", {}, findings),
      due,
    ];
    if (hasConflicts) cells.push(element("td", { class: "number", text: row[CONFLICTS] || "" }));
    const line = element("tr", { "data-plan": number }, ...cells);
    line.addEventListener("click", () => pick(number));
    return line;
  }

  new IntersectionObserver(
    (seen) => { if (seen.some((one) => one.isIntersecting)) more(); },
    { root: document.querySelector("#plans .scroll"), rootMargin: "600px" },
  ).observe(byId("more-rows"));
  addEventListener("beforeprint", () => {
    more(Math.max(0, MOST_PRINTED - shown));
    byId("printed").hidden = listed.length <= shown;
  });

  byId("search").addEventListener("input", ({ target }) => { view.text = target.value; list(); });
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.addEventListener("click", () => {
      const sort = Number(button.dataset.sort);
      view.down = view.sort === sort && !view.down;
      view.sort = sort;
      list();
    });
  }
  for (const button of document.querySelectorAll(".pick")) {
    button.addEventListener("click", () => {
      const decision = Number(button.dataset.decision);
      view.decision = view.decision === decision ? null : decision;
      list();
    });
  }
  for (const button of document.querySelectorAll("[data-find]")) {
    button.addEventListener("click", () => {
      view.decision = null;
      view.text = byId("search").value = button.dataset.find;
      list();
      byId("plans").scrollIntoView();
      if (listed.length) pick(listed[0].number);
    });
  }

  // The maps

  const decoded = (coded) => {
    const places = [];
    let [lon, lat] = [0, 0];
    for (let at = 0; at < coded.length; at += 2) {
      lon += coded[at];
      lat += coded[at + 1];
      places.push([lat / 1e5, lon / 1e5]);
    }
    return places;
  };
  const DASHES = [null, "2 5", "10 3 2 3", "10 4", "6 3", null];
  const TONES = ["stop", "ask", "act", "act", "act", "good"].map(tone);
  const [WEST, SOUTH, EAST, NORTH] = data.bounds;
  const extent = L.latLngBounds([SOUTH, WEST], [NORTH, EAST]);
  const ASKS = {
    PROHIBITED: "asks-prohibited",
    REQ_AUTHORIZATION: "asks-req-authorization",
    CONDITIONAL: "asks-conditional",
    NO_RESTRICTION: "asks-no-restriction",
  };
  const STATUSES = { authoritative: null, derived: "6 4", illustrative: "1 4" };

  function mapIn(id, strength) {
    const map = L.map(id, { preferCanvas: true, scrollWheelZoom: false, zoomSnap: 0.25 });
    map.attributionControl.setPrefix(false);
    map.fitBounds(extent, { padding: [20, 20], maxZoom: 16 });
    map.on("click", () => map.scrollWheelZoom.enable());
    map.on("mouseout", () => map.scrollWheelZoom.disable());
    L.control.scale({ imperial: false }).addTo(map);
    const control = L.control.layers().addTo(map);
    const lineOf = (one, style) =>
      L.polyline(one.lines.map(decoded), style).bindTooltip(() => said(one.name), { sticky: true });
    const zones = L.layerGroup((data.airspace.zones ?? []).map((zone) =>
      lineOf({ ...zone, name: [zone.name.zh, zone.name.en] },
        { color: tone(ASKS[zone.asks]), weight: 1.5, opacity: strength, dashArray: STATUSES[zone.status] })));
    const lines = L.layerGroup((data.airspace.lines ?? []).map((line) =>
      lineOf({ ...line, name: [line.name.zh, line.name.en] }, { color: "#59636b", weight: 1.5, opacity: strength, dashArray: "8 3 2 3" })));
    for (const [name, layer] of [["zones", zones], ["lines", lines]]) {
      control.addOverlay(layer.addTo(map), said(data.words[name]).outerHTML);
    }
    return { map, control };
  }

  const { map, control } = mapIn("map", 0.75);
  const shapes = data.shapes.map(decoded);
  // Those that need attention are drawn last, on top.
  const routes = plans.map(({ row, number }) =>
    L.polyline(shapes[data.shape_of[number]], {
      color: TONES[row[DECISION]],
      dashArray: DASHES[row[DECISION]],
    })
      .bindTooltip(row[ID].replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`), { sticky: true })
      .on("click", () => {
        pick(number);
        const line = document.querySelector(`[data-plan='${number}']`);
        if (line) line.scrollIntoView({ block: "nearest" });
      }));
  const routeLayer = L.layerGroup([...routes].reverse()).addTo(map);
  control.addOverlay(routeLayer, said(data.words.routes).outerHTML);
  let picked = null;

  function dressRoutes() {
    const seen = new Set(listed.map(({ number }) => number));
    routes.forEach((route, number) => {
      const here = seen.has(number);
      route.setStyle({ weight: number === picked ? 6 : 2.2, opacity: number === picked ? 1 : 0.75, stroke: here || number === picked });
    });
  }

  function pick(number) {
    picked = number;
    for (const line of document.querySelectorAll("tr.is-picked")) line.classList.remove("is-picked");
    document.querySelector(`[data-plan='${number}']`)?.classList.add("is-picked");
    dressRoutes();
    routes[number].bringToFront();
    map.fitBounds(routes[number].getBounds(), { padding: [60, 60], maxZoom: 15, animate: false });
  }

  list();
  if (data.density === null) return;

  // The density

  const sky = data.density;
  const { map: skyMap } = mapIn("density-map", 0.3);
  const cells = decoded(sky.cells);
  const [halfLon, halfLat] = sky.half;
  const drawn = L.layerGroup().addTo(skyMap);
  const slotInput = byId("slot");
  const bandInput = byId("band");
  const most = Math.max(1, ...sky.by_slot.map(([, busiest]) => busiest));
  const MOST_NUMBERS = 150;
  slotInput.max = Math.max(sky.slots.length - 1, 0);

  // Slots without flights are left out but for the first, so a place is not yet a time.
  const beginsMs = (place) => (sky.first + sky.times[place]) * sky.slot_s * 1000;

  // Options hold text only, so they are written anew with the language.
  function nameBands() {
    const lang = document.querySelector("input[name=language]:checked").value === "zh" ? 0 : 1;
    const chosen = bandInput.value || "all";
    bandInput.replaceChildren(
      element("option", { value: "all", text: data.words.all_bands[lang] }),
      ...sky.bands.map((name, band) => element("option", { value: band, text: name[lang] })),
    );
    bandInput.value = chosen;
  }

  function countsOf(slot) {
    const counts = new Map();
    for (const [band, row] of Object.entries(sky.slots[slot] ?? {})) {
      if (bandInput.value !== "all" && band !== bandInput.value) continue;
      let cell = 0;
      for (let at = 0; at < row.length; at += 2) {
        cell += row[at];
        counts.set(cell, Math.max(row[at + 1], counts.get(cell) ?? 0));
      }
    }
    return counts;
  }

  function drawSlot() {
    const slot = Number(slotInput.value);
    const start = beginsMs(slot);
    byId("slot-name").textContent = `${clock(start)}–${clock(start + sky.slot_s * 1000, false)}`;
    drawn.clearLayers();
    const counts = [...countsOf(slot)].sort(([, a], [, b]) => b - a);
    counts.forEach(([cell, count], place) => {
      const [lat, lon] = cells[cell];
      const isOver = sky.capacity !== null && count > sky.capacity;
      const box = [[lat - halfLat, lon - halfLon], [lat + halfLat, lon + halfLon]];
      drawn.addLayer(
        L.rectangle(box, {
          stroke: isOver, color: tone("stop"), weight: 2.5,
          fillColor: tone(isOver ? "stop" : "law-cn"), fillOpacity: 0.15 + 0.6 * (count / most),
        }).bindTooltip(() => said(inBoth(data.words.flights_here).map((word) => `${count} ${word}`)), { sticky: true }));
      if (place < MOST_NUMBERS && skyMap.getZoom() >= 12) {
        const icon = L.divIcon({ className: "cell-count", html: String(count), iconSize: [30, 12] });
        drawn.addLayer(L.marker([lat, lon], { icon, interactive: false, keyboard: false }));
      }
    });
    chart.setLegend({ idx: slot });
    chart.redraw(false);
  }

  const chartWidth = () => byId("density-chart").clientWidth || 400;
  const word = (name) => said(data.words[name]);
  // A line through the middle of the slot that the map shows.
  function markSlot({ ctx, bbox, valToPos }) {
    const left = valToPos(beginsMs(Number(slotInput.value)) / 1000 + sky.slot_s / 2, "x", true);
    ctx.save();
    ctx.strokeStyle = tone("ink");
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
  const steps = uPlot.paths.stepped({ align: 1 });
  const times = sky.by_slot.map((_, slot) => beginsMs(slot) / 1000);
  const columns = [times, sky.by_slot.map(([flights]) => flights), sky.by_slot.map(([, busiest]) => busiest)];
  const series = [
    { value: (_, time) => (time === null ? "–" : clock(time * 1000)), label: "UTC+8" },
    { label: word("under_way"), stroke: tone("quiet"), width: 2, dash: [6, 4], paths: steps, scale: "all" },
    { label: word("busiest"), stroke: tone("law-cn"), width: 2, paths: steps, fill: "rgb(11 83 148 / 12%)" },
  ];
  if (sky.capacity !== null) {
    columns.push(times.map(() => sky.capacity));
    series.push({ label: word("capacity"), stroke: tone("stop"), width: 2, points: { show: false } });
  }
  const isLong = times.length > 0 && times.at(-1) - times[0] > 86_400;
  const chart = new uPlot(
    {
      width: chartWidth(),
      height: 230,
      tzDate: (time) => new Date((time * 1000) + UTC8_MS + new Date().getTimezoneOffset() * MINUTE_MS),
      scales: { y: { range: (_, low, high) => [0, Math.max(high, sky.capacity ?? 0, 1) * 1.1] }, all: { range: (_, low, high) => [0, Math.max(high, 1) * 1.1] } },
      axes: [
        {
          values: (_, marks) => marks.map((time) => clock(time * 1000, isLong)),
          space: isLong ? 90 : 50,
        },
        { stroke: tone("law-cn") },
        { scale: "all", side: 1, stroke: tone("quiet"), grid: { show: false } },
      ],
      series,
      hooks: { draw: [markSlot] },
    },
    columns,
    byId("density-chart"),
  );
  chart.over.addEventListener("click", () => {
    if (chart.cursor.idx !== null) { slotInput.value = chart.cursor.idx; drawSlot(); }
  });
  addEventListener("resize", () => chart.setSize({ width: chartWidth(), height: 230 }));
  addEventListener("beforeprint", () => chart.setSize({ width: 640, height: 200 }));

  const play = byId("play");
  let playing = null;
  function toggle() {
    if (playing !== null) {
      clearInterval(playing);
      playing = null;
    } else {
      playing = setInterval(() => {
        slotInput.value = (Number(slotInput.value) + 1) % sky.slots.length;
        drawSlot();
      }, 500);
    }
    play.replaceChildren(said(data.words[playing === null ? "play" : "pause"]));
  }

  play.append(said(data.words.play));
  play.addEventListener("click", toggle);
  slotInput.addEventListener("input", drawSlot);
  bandInput.addEventListener("change", drawSlot);
  skyMap.on("zoomend", drawSlot);
  for (const input of document.querySelectorAll("input[name=language]")) {
    input.addEventListener("change", nameBands);
  }
  for (const button of document.querySelectorAll("[data-slot]")) {
    button.addEventListener("click", () => {
      slotInput.value = sky.times.indexOf(Number(button.dataset.slot) - sky.first);
      skyMap.setView(button.dataset.at.split(",").map((unit) => Number(unit) / 1e5), 14, { animate: false });
      drawSlot();
    });
  }
  nameBands();
  const busiest = sky.by_slot.reduce((best, [, count], slot) => (count > sky.by_slot[best][1] ? slot : best), 0);
  slotInput.value = busiest;
  const crowded = [...countsOf(busiest).keys()].map((cell) => cells[cell]);
  if (crowded.length) skyMap.fitBounds(L.latLngBounds(crowded).pad(0.1), { maxZoom: 15, animate: false });
  drawSlot();
})();
