import { compileCron, type WallRule } from "./cron";
import { compileOnCalendar } from "./oncalendar";

/** When a check is expected to report, if at all. Calendar expressions are cron or OnCalendar; the zone is an IANA name. */
export type Schedule =
  | { kind: "period"; timeoutSeconds: number }
  | { kind: "calendar"; expression: string; timeZone: string }
  | { kind: "none" };

type Syntax = "cron" | "oncalendar";
type Rule = Omit<WallRule, "timeZone"> & { clock: Intl.DateTimeFormat };
/** The newest answer holds for every instant from `after` up to `next`, so most pings need no search. */
type Compiled = { rules: Rule[]; newest: { after: number; next: number } | null };

const DAY_MS = 86_400_000;
const FIFTY_YEARS_MS = 50 * 366 * DAY_MS;
const MAX_EXPRESSION_LENGTH = 100;
const CACHE_LIMIT = 500;
const FIRST_CHECKED = Date.UTC(2000, 0, 1) - 1;
const SEARCH_END = Date.UTC(2200, 0, 1);

/** IANA's `backward` file: the name of today, then the names it replaces. */
const LEGACY_ZONES = `
  Africa/Asmara=Africa/Asmera Africa/Bamako=Africa/Timbuktu Africa/Cairo=Egypt Africa/Tripoli=Libya
  America/Adak=America/Atka,US/Aleutian America/Anchorage=US/Alaska
  America/Argentina/Buenos_Aires=America/Buenos_Aires
  America/Argentina/Catamarca=America/Argentina/ComodRivadavia,America/Catamarca
  America/Argentina/Cordoba=America/Cordoba,America/Rosario America/Argentina/Jujuy=America/Jujuy
  America/Argentina/Mendoza=America/Mendoza America/Atikokan=America/Coral_Harbour
  America/Chicago=CST6CDT,US/Central America/Denver=America/Shiprock,MST7MDT,Navajo,US/Mountain
  America/Detroit=US/Michigan America/Edmonton=America/Yellowknife,Canada/Mountain America/Halifax=Canada/Atlantic
  America/Havana=Cuba America/Indiana/Indianapolis=America/Fort_Wayne,America/Indianapolis,US/East-Indiana
  America/Indiana/Knox=America/Knox_IN,US/Indiana-Starke America/Iqaluit=America/Pangnirtung America/Jamaica=Jamaica
  America/Kentucky/Louisville=America/Louisville America/Los_Angeles=PST8PDT,US/Pacific America/Manaus=Brazil/West
  America/Mazatlan=Mexico/BajaSur America/Mexico_City=Mexico/General America/New_York=EST5EDT,US/Eastern
  America/Noronha=Brazil/DeNoronha America/Nuuk=America/Godthab America/Panama=EST America/Phoenix=MST,US/Arizona
  America/Regina=Canada/Saskatchewan America/Rio_Branco=America/Porto_Acre,Brazil/Acre
  America/Santiago=Chile/Continental America/Sao_Paulo=Brazil/East America/St_Johns=Canada/Newfoundland
  America/St_Thomas=America/Virgin America/Tijuana=America/Ensenada,America/Santa_Isabel,Mexico/BajaNorte
  America/Toronto=America/Montreal,America/Nipigon,America/Thunder_Bay,Canada/Eastern
  America/Vancouver=Canada/Pacific America/Whitehorse=Canada/Yukon
  America/Winnipeg=America/Rainy_River,Canada/Central Antarctica/McMurdo=Antarctica/South_Pole
  Arctic/Longyearbyen=Atlantic/Jan_Mayen Asia/Ashgabat=Asia/Ashkhabad Asia/Dhaka=Asia/Dacca
  Asia/Ho_Chi_Minh=Asia/Saigon Asia/Hong_Kong=Hongkong Asia/Jerusalem=Asia/Tel_Aviv,Israel
  Asia/Kathmandu=Asia/Katmandu Asia/Kolkata=Asia/Calcutta Asia/Macau=Asia/Macao Asia/Makassar=Asia/Ujung_Pandang
  Asia/Nicosia=Europe/Nicosia Asia/Seoul=ROK Asia/Shanghai=Asia/Chongqing,Asia/Chungking,Asia/Harbin,PRC
  Asia/Singapore=Singapore Asia/Taipei=ROC Asia/Tehran=Iran Asia/Thimphu=Asia/Thimbu Asia/Tokyo=Japan
  Asia/Ulaanbaatar=Asia/Choibalsan,Asia/Ulan_Bator Asia/Urumqi=Asia/Kashgar Asia/Yangon=Asia/Rangoon
  Atlantic/Faroe=Atlantic/Faeroe Atlantic/Reykjavik=Iceland Australia/Adelaide=Australia/South
  Australia/Brisbane=Australia/Queensland Australia/Broken_Hill=Australia/Yancowinna
  Australia/Darwin=Australia/North Australia/Hobart=Australia/Currie,Australia/Tasmania
  Australia/Lord_Howe=Australia/LHI Australia/Melbourne=Australia/Victoria Australia/Perth=Australia/West
  Australia/Sydney=Australia/ACT,Australia/Canberra,Australia/NSW Europe/Athens=EET Europe/Brussels=CET,MET
  Europe/Chisinau=Europe/Tiraspol Europe/Dublin=Eire Europe/Istanbul=Asia/Istanbul,Turkey
  Europe/Kyiv=Europe/Kiev,Europe/Uzhgorod,Europe/Zaporozhye Europe/Lisbon=Portugal,WET
  Europe/London=Europe/Belfast,GB,GB-Eire Europe/Moscow=W-SU Europe/Warsaw=Poland Pacific/Auckland=NZ
  Pacific/Chatham=NZ-CHAT Pacific/Chuuk=Pacific/Truk,Pacific/Yap Pacific/Easter=Chile/EasterIsland
  Pacific/Honolulu=HST,Pacific/Johnston,US/Hawaii Pacific/Kanton=Pacific/Enderbury Pacific/Kwajalein=Kwajalein
  Pacific/Pago_Pago=Pacific/Samoa,US/Samoa Pacific/Pohnpei=Pacific/Ponape
  UTC=Etc/GMT,Etc/GMT+0,Etc/GMT-0,Etc/GMT0,Etc/Greenwich,Etc/UCT,Etc/UTC,Etc/Universal,Etc/Zulu
  UTC=GMT,GMT+0,GMT-0,GMT0,Greenwich,UCT,Universal,Zulu
`;

const CANONICAL_ZONES = new Map(
  LEGACY_ZONES.trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [canonical = "", legacy = ""] = entry.split("=");
      return legacy.split(",").map((name) => [name.toLowerCase(), canonical] as const);
    }),
);

const clocks = new Map<string, Intl.DateTimeFormat | null>();
const compiledSchedules = new Map<string, Compiled | null>();

function remember<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  const [oldest] = cache.keys();
  if (cache.size >= CACHE_LIMIT && oldest !== undefined) cache.delete(oldest);
  cache.set(key, made);
  return made;
}

function createClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  } catch {
    return null;
  }
}

/**
 * The IANA name in use today for a time zone, whatever its case or age: `Europe/Kiev` gives `Europe/Kyiv`, `CET`
 * gives `Europe/Brussels`, every spelling of UTC gives `UTC`. Null when there is no such zone; offsets such as
 * `+02:00` and abbreviations that IANA does not list are none. Source: the `backward` file of the IANA database.
 */
export function canonicalTimeZone(name: string): string | null {
  const replaced = CANONICAL_ZONES.get(name.toLowerCase());
  if (replaced !== undefined) return replaced;
  // ICU also knows zones outside the IANA database: IST, ACT, SystemV/AST4.
  if (name.toUpperCase() !== "UTC" && !/^(?!SystemV\/)[a-z]+\//i.test(name)) return null;
  const resolved = createClock(name)?.resolvedOptions().timeZone;
  return resolved === undefined ? null : (CANONICAL_ZONES.get(resolved.toLowerCase()) ?? resolved);
}

function findClock(name: string): Intl.DateTimeFormat | null {
  const canonical = canonicalTimeZone(name);
  return canonical === null ? null : remember(clocks, canonical, () => createClock(canonical));
}

function offsetAt(clock: Intl.DateTimeFormat, instant: number): number {
  const [, sign, hours, minutes, seconds = 0] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(clock.format(instant)) ?? [];
  if (sign === undefined) return 0;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

/** The instant at which the clock changes, given one instant before and one after the change. */
function findClockChange(clock: Intl.DateTimeFormat, from: number, to: number): number {
  const offset = offsetAt(clock, from);
  let [before, after] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(clock, middle * 1000) === offset) before = middle;
    else after = middle;
  }
  return after * 1000;
}

/** All instants at which the clock shows a wall time: none in a gap, two in a repeated hour. Ascending. */
function instantsOf(clock: Intl.DateTimeFormat, wall: number): number[] {
  const offsets = new Set([offsetAt(clock, wall - DAY_MS), offsetAt(clock, wall + DAY_MS)]);
  const instants = [...offsets].map((offset) => wall - offset);
  return instants.filter((instant) => instant + offsetAt(clock, instant) === wall).sort((a, b) => a - b);
}

function endOfGap(clock: Intl.DateTimeFormat, wall: number): number {
  return findClockChange(clock, wall - offsetAt(clock, wall + DAY_MS), wall - offsetAt(clock, wall - DAY_MS));
}

/** The latest wall time the clock has shown so far, which a clock set back has yet to reach again. */
function furthestWall(clock: Intl.DateTimeFormat, instant: number): number {
  const wall = instant + offsetAt(clock, instant);
  const offsetBefore = offsetAt(clock, instant - DAY_MS);
  if (instant + offsetBefore <= wall) return wall;
  return Math.max(wall, findClockChange(clock, instant - DAY_MS, instant) + offsetBefore - 1);
}

function nextOncePerWall({ clock, nextWall, skipsGaps }: Rule, after: number): number {
  let wall = nextWall(furthestWall(clock, after));
  while (wall !== null && wall < after + FIFTY_YEARS_MS) {
    const [instant] = instantsOf(clock, wall);
    if (instant !== undefined) return instant;
    if (!skipsGaps) return endOfGap(clock, wall);
    wall = nextWall(wall);
  }
  return Number.POSITIVE_INFINITY;
}

/** The next occurrence in an hour that the clock is about to show a second time. */
function nextInRepeatedHour({ clock, nextWall }: Rule, after: number): number {
  const offset = offsetAt(clock, after);
  const offsetLater = offsetAt(clock, after + DAY_MS);
  if (offsetLater >= offset) return Number.POSITIVE_INFINITY;
  const change = findClockChange(clock, after, after + DAY_MS);
  const wall = nextWall(change + offsetLater - 1);
  return wall !== null && wall < change + offset ? wall - offsetLater : Number.POSITIVE_INFINITY;
}

function nextByElapsedTime(rule: Rule, after: number): number {
  const { clock, nextWall } = rule;
  let wall = nextWall(after + offsetAt(clock, after));
  // An expression may live in the yearly gap alone, so the search needs an end: cronsim's fifty years.
  while (wall !== null && wall < after + FIFTY_YEARS_MS) {
    const instant = instantsOf(clock, wall).find((candidate) => candidate > after);
    if (instant !== undefined) return Math.min(instant, nextInRepeatedHour(rule, after));
    const gapEnd = endOfGap(clock, wall);
    wall = nextWall(gapEnd + offsetAt(clock, gapEnd) - 1);
  }
  return Number.POSITIVE_INFINITY;
}

function nextOfRules(rules: Rule[], after: number): number {
  const next = rules.map((rule) => (rule.followsElapsedTime ? nextByElapsedTime : nextOncePerWall)(rule, after));
  return Math.min(...next);
}

function compileExpression(expression: string): { syntax: Syntax; rules: WallRule[] } | null {
  if (expression.length > MAX_EXPRESSION_LENGTH) return null;
  const text = expression.trim();
  const isCron = !text.includes("\n") && text.split(/\s+/).length === 5;
  const rule = isCron ? compileCron(text) : null;
  if (isCron) return rule && { syntax: "cron", rules: [rule] };
  const rules = compileOnCalendar(text);
  return rules && { syntax: "oncalendar", rules };
}

function compile(expression: string, timeZone: string): Compiled | null {
  if (Math.max(expression.length, timeZone.length) > MAX_EXPRESSION_LENGTH) return null;
  return remember(compiledSchedules, `${timeZone}\0${expression}`, () => {
    const wallRules = compileExpression(expression)?.rules ?? [];
    const rules = wallRules.flatMap((rule) => {
      const clock = findClock(rule.timeZone ?? timeZone);
      return clock ? [{ ...rule, clock }] : [];
    });
    return rules.length > 0 && rules.length === wallRules.length ? { rules, newest: null } : null;
  });
}

/**
 * Tells the syntax of a calendar expression of at most 100 characters: one line of five fields is cron, anything
 * else is OnCalendar. Null when it is malformed, names an unknown time zone, or has no occurrence since 2000.
 */
export function parseSchedule(expression: string): Syntax | null {
  const compiled = compileExpression(expression);
  const known = compiled?.rules.every((rule) => rule.timeZone === null || findClock(rule.timeZone));
  const occurs = known && compiled?.rules.some((rule) => rule.nextWall(FIRST_CHECKED) !== null);
  return occurs ? (compiled?.syntax ?? null) : null;
}

function nextCalendarInstant(compiled: Compiled, after: number): number {
  const { newest } = compiled;
  if (newest && after >= newest.after && after < newest.next) return newest.next;
  const next = nextOfRules(compiled.rules, after);
  compiled.newest = { after, next };
  return next;
}

/**
 * The count-th moment after `after` at which a report is expected. Times are epoch milliseconds; `count` is a
 * whole number from 1. A period counts from `after`; a calendar counts occurrences strictly later. Null when there
 * is no schedule, when there are fewer, when the expression or the zone is invalid, or when `after` is not a time before the year 2200.
 *
 * Clock changes follow Debian's cron(8): fixed times in a skipped hour fire at its end and fire once in a repeated
 * hour, while expressions with `*` in minute or hour follow elapsed time. OnCalendar follows
 * systemd: a time in a skipped hour does not fire, one in a repeated hour fires once.
 */
export function nextOccurrence(schedule: Schedule, after: number, count = 1): number | null {
  if (schedule.kind === "none") return null;
  if (schedule.kind === "period") return after + count * schedule.timeoutSeconds * 1000;
  const compiled = compile(schedule.expression, schedule.timeZone);
  let instant = Math.floor(after);
  for (let found = 0; found < count; found += 1) {
    if (!compiled || !(Math.abs(instant) < SEARCH_END)) return null;
    instant = nextCalendarInstant(compiled, instant);
  }
  return Number.isFinite(instant) ? instant : null;
}
