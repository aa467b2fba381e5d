import { day } from './calendar.ts'

/** A line of goods. */
export interface Category {
  /** What its articles are, the cheapest first. A brand, a kind and a variant make a name. */
  readonly kinds: readonly string[]
  readonly variants: readonly string[]
  readonly brands: readonly string[]
  /** EUR, of the cheapest and the dearest article. */
  readonly prices: readonly [number, number]
  readonly articles: number
  /** How well it sells in each month, January first; 1 is the mean. */
  readonly season: readonly number[]
  /** Of a hundred lines, how many are sent back. */
  readonly returns: number
  /** Of which category one is often bought with it. */
  readonly companion?: string
}

export interface Shop {
  readonly tenant: string
  /** Orders on a day of the mean, at full scale. */
  readonly ordersPerDay: number
  /** Orders on the last day for each on the first. */
  readonly growth: number
  /** Visits that end without an order, for each order in the web shop or app. */
  readonly visitsPerOrder: number
  /** How well each weekday does, Sunday first. */
  readonly week: readonly number[]
  readonly storeClosedOnSunday: boolean
  /** A bad month: nobody can order up to `reopened`, and until `over` there is little to send. */
  readonly warehouseFire?: { readonly from: number; readonly reopened: number; readonly over: number }
  /** Customers' countries by weight, home first, and their cities. */
  readonly countries: Readonly<Record<string, number>>
  readonly cities: Readonly<Record<string, readonly string[]>>
  readonly currencies: Readonly<Record<string, string>>
  /** Cents: from which sum on delivery is free, and what it costs below at home and abroad. */
  readonly delivery: { readonly freeFrom: number; readonly home: number; readonly abroad: number }
  readonly categories: Readonly<Record<string, Category>>
}

const ALL_YEAR = [0.95, 0.95, 1, 1, 1, 0.95, 0.95, 0.95, 1, 1.05, 1.1, 1.1]
const SPRING = [0.4, 0.6, 1.3, 2, 2.1, 1.5, 1, 0.8, 0.8, 0.7, 0.4, 0.4]
const SUMMER = [0.3, 0.4, 0.7, 1.1, 1.7, 2, 2, 1.4, 0.8, 0.5, 0.5, 0.6]
const WINTER = [1.8, 1.6, 0.9, 0.5, 0.3, 0.2, 0.3, 0.5, 0.9, 1.4, 1.8, 1.8]
const GIFTS = [0.6, 0.7, 0.8, 0.8, 0.9, 0.7, 0.7, 0.7, 0.8, 1, 1.9, 2.4]

/** A larger shop for home and garden, in central Europe. */
const example: Shop = {
  tenant: 'example',
  ordersPerDay: 52,
  growth: 1.7,
  visitsPerOrder: 11,
  week: [1.15, 1.1, 0.95, 0.9, 0.9, 0.95, 1.05],
  storeClosedOnSunday: true,
  warehouseFire: { from: day('2024-10-07'), reopened: day('2024-10-10'), over: day('2024-11-01') },
  countries: { DE: 60, AT: 14, CH: 11, NL: 9, GB: 6 },
  cities: {
    DE: ['Berlin', 'Hamburg', 'München', 'Köln', 'Leipzig', 'Stuttgart', 'Bremen', 'Dresden'],
    AT: ['Wien', 'Graz', 'Linz', 'Salzburg'],
    CH: ['Zürich', 'Basel', 'Bern', 'Genève'],
    NL: ['Amsterdam', 'Rotterdam', 'Utrecht'],
    GB: ['London', 'Leeds', 'Bristol'],
  },
  currencies: { CH: 'CHF', GB: 'GBP' },
  delivery: { freeFrom: 5000, home: 495, abroad: 995 },
  categories: {
    Plants: {
      kinds: ['Basil', 'Tomato plant', 'Lavender', 'Fern', 'Rose', 'Hydrangea', 'Apple tree', 'Olive tree'],
      variants: ['small', 'medium', 'large', 'in a clay pot', 'set of three', 'organic'],
      brands: ['Grünhof', ''],
      prices: [3, 60],
      articles: 90,
      season: SPRING,
      returns: 2,
      companion: 'Soil and care',
    },
    'Soil and care': {
      kinds: ['Seed mix', 'Lime', 'Fertiliser', 'Compost', 'Potting soil', 'Bark mulch'],
      variants: ['10 l', '20 l', '40 l', 'peat-free', 'for roses', 'for vegetables'],
      brands: ['Grünhof', 'Terravita', ''],
      prices: [3, 25],
      articles: 60,
      season: SPRING,
      returns: 1,
    },
    'Garden tools': {
      kinds: ['Watering can', 'Rake', 'Secateurs', 'Spade', 'Hose', 'Wheelbarrow', 'Hedge trimmer', 'Lawn mower'],
      variants: ['Basic', 'Pro', 'Light', 'XL', 'with steel handle', 'battery'],
      brands: ['Hartmann', 'Ferro', 'Terravita'],
      prices: [9, 450],
      articles: 90,
      season: SPRING,
      returns: 5,
    },
    'Outdoor furniture': {
      kinds: ['Hammock', 'Parasol', 'Sun lounger', 'Lounge chair', 'Bench', 'Garden table'],
      variants: ['teak', 'aluminium', 'white', 'anthracite', 'folding', 'for six'],
      brands: ['Lindholm', 'Casa Verde'],
      prices: [29, 890],
      articles: 60,
      season: SUMMER,
      returns: 8,
      companion: 'Textiles',
    },
    Kitchen: {
      kinds: ['Storage jar', 'Mixing bowl', 'Baking tin', 'Teapot', 'Kettle', 'Frying pan', 'Saucepan', 'Chef’s knife'],
      variants: ['16 cm', '20 cm', '28 cm', 'stainless steel', 'glass', 'set of four'],
      brands: ['Norrland', 'Hartmann', 'Casa Verde', ''],
      prices: [6, 180],
      articles: 100,
      season: GIFTS,
      returns: 4,
    },
    Lighting: {
      kinds: ['String lights', 'Wall light', 'Table lamp', 'Pendant', 'Floor lamp'],
      variants: ['brass', 'black', 'linen', 'dimmable', 'solar'],
      brands: ['Lumen & Co', 'Norrland'],
      prices: [12, 320],
      articles: 40,
      season: GIFTS,
      returns: 7,
    },
    Textiles: {
      kinds: ['Cushion', 'Tablecloth', 'Throw', 'Curtain', 'Bed linen', 'Rug'],
      variants: ['sage', 'terracotta', 'natural', 'striped', 'wool', 'washable'],
      brands: ['Lindholm', 'Casa Verde', ''],
      prices: [9, 240],
      articles: 90,
      season: ALL_YEAR,
      returns: 12,
    },
  },
}

/** A smaller shop for the outdoors, in the north. */
const partner: Shop = {
  tenant: 'partner',
  ordersPerDay: 16,
  growth: 1.3,
  visitsPerOrder: 12,
  week: [1.05, 0.95, 0.95, 1, 1, 1.1, 0.95],
  storeClosedOnSunday: false,
  countries: { SE: 48, NO: 24, DK: 18, FI: 10 },
  cities: {
    SE: ['Stockholm', 'Göteborg', 'Malmö', 'Umeå'],
    NO: ['Oslo', 'Bergen', 'Tromsø'],
    DK: ['København', 'Aarhus', 'Odense'],
    FI: ['Helsinki', 'Tampere', 'Oulu'],
  },
  currencies: { SE: 'SEK', NO: 'NOK', DK: 'DKK' },
  delivery: { freeFrom: 7500, home: 590, abroad: 1290 },
  categories: {
    Tents: {
      kinds: ['Tarp', 'Bivouac', 'Trekking tent', 'Family tent'],
      variants: ['1 person', '2 persons', '4 persons', 'ultralight', 'four seasons'],
      brands: ['Fjellheim', 'Norr Ute'],
      prices: [79, 780],
      articles: 30,
      season: SUMMER,
      returns: 9,
      companion: 'Sleeping',
    },
    Sleeping: {
      kinds: ['Liner', 'Pillow', 'Mat', 'Sleeping bag'],
      variants: ['summer', 'winter', 'light', 'wide', 'silk'],
      brands: ['Fjellheim', 'Dune', ''],
      prices: [15, 390],
      articles: 40,
      season: SUMMER,
      returns: 6,
    },
    Clothing: {
      kinds: ['Socks', 'Beanie', 'Gloves', 'Wool base layer', 'Fleece', 'Trousers', 'Rain jacket', 'Down jacket'],
      variants: ['S', 'M', 'L', 'XL', 'black', 'moss', 'ochre'],
      brands: ['Norr Ute', 'Skarv', 'Dune'],
      prices: [12, 420],
      articles: 90,
      season: ALL_YEAR,
      returns: 19,
    },
    'Camp kitchen': {
      kinds: ['Spork', 'Mug', 'Gas cartridge', 'Water filter', 'Pot set', 'Stove'],
      variants: ['titanium', 'steel', 'compact', 'for two', 'set'],
      brands: ['Glöd', 'Fjellheim', ''],
      prices: [5, 160],
      articles: 35,
      season: SUMMER,
      returns: 3,
    },
    'Winter sports': {
      kinds: ['Wax', 'Poles', 'Avalanche probe', 'Snowshoes', 'Touring skis'],
      variants: ['Classic', 'Pro', 'Junior', 'adjustable', 'set'],
      brands: ['Skarv', 'Fjellheim'],
      prices: [9, 690],
      articles: 35,
      season: WINTER,
      returns: 6,
    },
  },
}

/** Whose rows the sample has. */
export const SHOPS: readonly Shop[] = [example, partner]
