import { type CalendarDay, day, FIRST_DAY } from './calendar.ts'
import { Random } from './random.ts'
import type { Product } from './rows.ts'
import type { Category, Shop } from './shops.ts'

/** A product with what decides who buys it. */
export interface Article {
  readonly row: Product
  readonly category: Category
  /** Cents, until PRICE_RISE. */
  readonly priceBefore: number
  /** Falls as 1/n from article to article: few sell a lot and most a little. */
  readonly popularity: number
}

/** The day on which everything became dearer by some 6 %. */
export const PRICE_RISE = day('2024-03-01')

const LAUNCHES = ['2023-03-15', '2023-09-01', '2024-03-15', '2024-09-01', '2025-03-15', '2025-09-01'].map(day)
/** Days for which a launch sells three times as well. */
const NOVELTY = 60

/** What a shop has ever sold. */
export function makeAssortment(shop: Shop): Article[] {
  const random = new Random(`${shop.tenant}/products`)
  const designs = Object.entries(shop.categories).flatMap(([name, category]) => {
    const all = category.kinds.flatMap((kind, index) =>
      category.variants.flatMap((variant) =>
        category.brands.map((brand) => ({
          kind,
          variant,
          brand,
          name,
          category,
          level: (index + random.fraction()) / category.kinds.length,
        })),
      ),
    )
    return shuffled(all, random).slice(0, category.articles)
  })
  const ranks = shuffled(
    designs.map((_, index) => index + 1),
    random,
  )
  return designs.map(({ kind, variant, brand, name, category, level }, index) => {
    const [cheapest, dearest] = category.prices
    const euros = cheapest + (dearest - cheapest) * level * level * (0.5 + 0.5 * random.fraction())
    const list_price = Math.floor(euros) * 100 + random.pick([99, 99, 95, 49])
    const launched_on = random.chance(0.85) ? FIRST_DAY - random.integer(30, 1500) : random.pick(LAUNCHES)
    const isOld = launched_on < FIRST_DAY
    return {
      row: {
        tenant: shop.tenant,
        product_id: index + 1,
        sku: `${shop.tenant.slice(0, 2).toUpperCase()}-${name.slice(0, 2).toUpperCase()}-${String(index + 1).padStart(4, '0')}`,
        name: [brand, kind, variant].filter(Boolean).join(' '),
        category: name,
        brand: brand || null,
        list_price,
        unit_cost: Math.floor(list_price * (0.42 + 0.26 * random.fraction())),
        weight_kg: random.chance(0.06) ? null : random.integer(1, 400) / 16,
        launched_on,
        discontinued_on: isOld && random.chance(0.09) ? FIRST_DAY + random.integer(120, 1060) : null,
      },
      category,
      priceBefore: launched_on < PRICE_RISE ? Math.floor((list_price * 0.94) / 10) * 10 + 9 : list_price,
      popularity: (1.5 - level) / ((ranks[index] ?? 1) + 3),
    }
  })
}

/** What can be bought on a day, each article as often as it is popular then. */
export function articlesOfDay(
  assortment: readonly Article[],
  { day, month }: CalendarDay,
): (random: Random) => Article {
  const sold = assortment.filter(
    ({ row }) => row.launched_on <= day && (row.discontinued_on === null || row.discontinued_on > day),
  )
  let sum = 0
  const sums = sold.map(({ popularity, category, row }) => {
    const isNew = row.launched_on > FIRST_DAY && day - row.launched_on < NOVELTY
    sum += popularity * (category.season[month] ?? 1) * (isNew ? 3 : 1)
    return sum
  })
  return (random) => {
    const wanted = random.fraction() * sum
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    return sold[low] as Article
  }
}

/** What is often bought with an article: one of the best sellers of its companion category, always the same. */
export function companionsOf(assortment: readonly Article[]): (article: Article) => Article | undefined {
  const best = (name: string) =>
    assortment
      .filter(({ row }) => row.category === name && row.launched_on < FIRST_DAY && row.discontinued_on === null)
      .sort((a, b) => b.popularity - a.popularity)
      .slice(0, 4)
  const byCategory = new Map(
    assortment.flatMap(({ category: { companion } }) => (companion ? [[companion, best(companion)] as const] : [])),
  )
  return ({ row, category }) => {
    const companions = byCategory.get(category.companion ?? '') ?? []
    return companions[row.product_id % companions.length]
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(0, last)
    ;[result[last], result[other]] = [result[other] as Item, result[last] as Item]
  }
  return result
}
