"use strict";
// Draws the map and the profile of one flight, and lets them and the text point at each other.
// All that is said comes from the page in both languages; texts are set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tone = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const language = () => document.querySelector("input[name=language]:checked").value;

  function said(text, tag = "span") {
    const node = document.createElement(tag);
    if (typeof text === "string" || text.zh === text.en) {
      node.textContent = typeof text === "string" ? text : text.en;
      return node;
    }
    for (const lang of ["zh", "en"]) {
      const span = document.createElement("span");
      span.lang = lang;
      span.textContent = text[lang];
      node.append(span);
    }
    return node;
  }

  // The map

  const RADII = { "lw-site": 4, "lw-end": 6, "lw-entry": 5, "lw-conflict": 9, "lw-departure": 7 };
  const radiusOf = (css) => RADII[css.split(" ")[0]] ?? 5;

  const map = L.map("map", {
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    maxBounds: data.chart.window,
    maxBoundsViscosity: 0.9,
  });
  map.attributionControl.setPrefix(false);
  map.fitBounds(data.chart.flight, { padding: [45, 45], maxZoom: 17 });
  map.setMinZoom(map.getBoundsZoom(data.chart.window));
  map.on("click", () => map.scrollWheelZoom.enable());
  map.on("mouseout", () => map.scrollWheelZoom.disable());
  L.control.scale({ imperial: false }).addTo(map);

  const zones = new Map();
  const encounters = new Map();
  const conflicts = new Map();

  function popup({ title, rows }) {
    const box = document.createElement("div");
    box.append(said(title, "b"), ...rows.map((row) => said(row, "p")));
    return box;
  }

  function dress(feature, shape) {
    const about = feature.properties;
    shape.bindPopup(() => popup(about));
    if (about.label && !about.label_at) {
      const place = { permanent: true, direction: "auto", offset: [8, 0], className: "lw-label" };
      shape.bindTooltip(said(about.label), place);
    }
    if (about.id) zones.set(about.id, shape);
    if ("encounter" in about) {
      encounters.set(about.encounter, [...(encounters.get(about.encounter) ?? []), shape]);
    }
    if ("conflict" in about) conflicts.set(about.conflict, shape);
  }

  function layerOf({ features }) {
    const layer = L.geoJSON(features, {
      style: (feature) => ({ className: feature.properties.class }),
      pointToLayer: (feature, place) =>
        L.circleMarker(place, {
          className: feature.properties.class,
          radius: radiusOf(feature.properties.class),
        }),
      onEachFeature: dress,
    });
    for (const { properties } of features.filter((f) => f.properties.label_at)) {
      const place = { permanent: true, direction: "center", className: "lw-label" };
      layer.addLayer(L.tooltip(properties.label_at, { ...place, content: said(properties.label) }));
    }
    return layer.addTo(map);
  }

  const overlays = {};
  for (const layer of data.chart.layers) overlays[said(layer.name).outerHTML] = layerOf(layer);
  for (const shape of [...encounters.values()].flat()) {
    if (shape instanceof L.CircleMarker) shape.bringToFront();
  }
  L.control.layers(null, overlays).addTo(map);

  const cursor = L.circleMarker([0, 0], { className: "lw-cursor", radius: 6 });
  const found = L.circleMarker([0, 0], { className: "lw-found", radius: 14 });

  function show(shape) {
    map.fitBounds(shape.getBounds?.() ?? L.latLngBounds([shape.getLatLng()]), { maxZoom: 15 });
    shape.openPopup();
    document.getElementById("map").scrollIntoView({ block: "nearest" });
  }

  function showPlace(place) {
    found.setLatLng(place).addTo(map);
    map.setView(place, Math.max(map.getZoom(), 14));
    document.getElementById("map").scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { zone, at, conflict, axis } = button.dataset;
    if (at) showPlace(at.split(",").map(Number));
    else if (zone && zones.has(zone)) show(zones.get(zone));
    else if (conflict) show(conflicts.get(Number(conflict)));
    else if (axis) turnTo(axis);
  });

  // The profile

  const flight = data.profile;
  const known = (column) => column.some((value) => value !== null);
  let axis = "t";
  let plot = null;

  function clock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const whole = ((Math.round(seconds) % 86400) + 86400) % 86400;
    const minutes = `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}`;
    return whole % 60 ? `${minutes}:${two(whole % 60)}` : minutes;
  }

  function faint(colour, percent) {
    return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
  }

  /* Series in pairs are bands between a floor and a ceiling. */
  function drawing() {
    const columns = [flight[axis]];
    const series = [{}];
    const bands = [];
    const add = (column, look) => {
      columns.push(column);
      return series.push({ points: { show: false }, spanGaps: false, ...look }) - 1;
    };
    const band = (floor, ceiling, colour, look, percent) => {
      if (!known(floor)) return;
      const low = add(floor, { stroke: colour, ...look });
      const high = add(ceiling, { stroke: colour, ...look });
      bands.push({ series: [high, low], fill: faint(colour, percent) });
    };
    if (known(flight.ground)) {
      const fillTo = () => flight.range[0];
      const fill = faint(tone("ground"), 35);
      add(flight.ground, { stroke: tone("ground"), width: 2, fill, fillTo });
    }
    for (const zone of flight.zones) {
      const [asks, status] = zone.class.split(" ");
      const dash = { "is-derived": [7, 4], "is-illustrative": [2, 4] }[status];
      band(zone.floor, zone.ceiling, tone(asks), { width: 1.5, dash }, 14);
    }
    band(flight.route_floor, flight.route_ceiling, tone("corridor"), { width: 1 }, 14);
    band(flight.around_low, flight.around_high, tone("law-cn"), { width: 0 }, 18);
    if (known(flight.suitable)) {
      add(flight.suitable, { stroke: tone("suitable"), width: 1.2, dash: [6, 4] });
    }
    add(flight.low, { stroke: tone("ink"), width: 2.2 });
    add(flight.high, { stroke: tone("ink"), width: 2.2 });
    return { columns, series, bands };
  }

  function nameZones({ ctx, valToPos }) {
    ctx.save();
    ctx.font = `600 ${11 * devicePixelRatio}px sans-serif`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    const taken = [];
    for (const zone of flight.zones) {
      const first = zone.ceiling.findIndex((value) => value !== null);
      const x = valToPos(flight[axis][first], "x", true) + 4;
      let y = valToPos(zone.ceiling[first], "y", true) + 3;
      while (taken.some(([a, b]) => Math.abs(a - x) < 60 && Math.abs(b - y) < 13 * devicePixelRatio)) {
        y += 13 * devicePixelRatio;
      }
      taken.push([x, y]);
      ctx.fillStyle = tone("ink");
      ctx.fillText(zone.id, x, y);
    }
    ctx.restore();
  }

  function followed({ cursor: { idx } }) {
    const readout = document.getElementById("readout");
    if (idx === null || idx === undefined) {
      cursor.remove();
      readout.textContent = "\u00a0";
      return;
    }
    cursor.setLatLng([flight.lat[idx], flight.lon[idx]]).addTo(map);
    const inside = flight.zones.filter((zone) => zone.floor[idx] !== null).map((zone) => zone.id);
    const levels = [...new Set([flight.low[idx], flight.high[idx]])].join("–");
    const distance = flight.d ? `${flight.d[idx].toFixed(2)} km` : "";
    const parts = [clock(flight.t[idx]), distance, `${levels} m`, inside.join(", ")];
    readout.textContent = parts.filter(Boolean).join(" · ");
  }

  function draw(width) {
    const { columns, series, bands } = drawing();
    const words = data.words;
    const lang = language();
    const ink = { stroke: tone("ink"), grid: { stroke: "#e6e9ec" }, ticks: { stroke: "#c9ced2" } };
    const along = axis === "t" ? words.clock : words.distance;
    plot?.destroy();
    const box = document.getElementById("profile");
    plot = new uPlot(
      {
        width: width ?? box.clientWidth,
        height: 250,
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false } },
        scales: { x: { time: false }, y: { range: () => flight.range } },
        axes: [
          {
            ...ink,
            label: along[lang],
            labelSize: 20,
            size: 32,
            incrs: axis === "t" ? [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400] : undefined,
            space: 60,
            values: (_, ticks) => ticks.map((tick) => (axis === "t" ? clock(tick) : `${+tick.toFixed(3)}`)),
          },
          { ...ink, size: 48 },
        ],
        series,
        bands,
        hooks: { draw: [nameZones], setCursor: [followed] },
      },
      columns,
      box,
    );
  }

  function turnTo(name) {
    axis = name;
    for (const button of document.querySelectorAll("[data-axis]")) {
      button.setAttribute("aria-pressed", String(button.dataset.axis === name));
    }
    draw();
  }

  for (const item of document.querySelectorAll("[data-series]")) {
    item.hidden = !known(flight[item.dataset.series]);
  }
  document.querySelector("[data-axis=d]").hidden = flight.d === null;
  draw();

  // The page

  for (const button of document.querySelectorAll("input[name=language]")) {
    button.addEventListener("change", () => {
      document.documentElement.lang = language();
      draw();
    });
  }

  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    draw();
  });

  const PAPER_PX = 650;
  const ON_PAPER =
    "details.finding:is(.is-breached, .is-required):not([open]), #missing details:not([open])";
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(ON_PAPER)];
    for (const finding of opened) finding.open = true;
    document.body.classList.add("printing");
    map.invalidateSize({ animate: false });
    map.fitBounds(data.chart.flight, { padding: [30, 30], maxZoom: 17, animate: false });
    draw(PAPER_PX);
  });
  addEventListener("afterprint", () => {
    for (const finding of opened) finding.open = false;
    document.body.classList.remove("printing");
    map.invalidateSize({ animate: false });
    draw();
  });
})();
