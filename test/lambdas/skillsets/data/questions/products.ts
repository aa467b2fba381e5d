import { date, dayOf, groups, mean, money, percentile, sorted, sum, unique, yearOf } from './arithmetic.ts'
import type { Question, Shop } from './question.ts'

type Line = Shop['lines'][number]

const revenue = (lines: readonly Line[]) => sum(lines.map(({ line_total }) => line_total))
const units = (lines: readonly Line[]) => sum(lines.map(({ quantity }) => quantity))

/** Of each product that was sold, the best first. */
function best({ soldLines, product }: Shop) {
  return sorted(
    groups(soldLines, ({ product_id }) => product_id).map(([id, lines]) => ({
      id,
      ...product(id),
      revenue: revenue(lines),
      units: units(lines),
    })),
    ({ revenue }) => -revenue,
    ({ id }) => id,
  )
}

function byCategory({ soldLines, product }: Shop): [string, Line[]][] {
  return groups(soldLines, ({ product_id }) => product(product_id).category)
}

const SOLD_LINES = `sold_lines AS (
        SELECT order_lines.*, orders.ordered_at FROM order_lines JOIN orders USING (order_id) WHERE orders.status <> 'cancelled')`

/** Questions about products, baskets and returns. */
export const PRODUCTS: readonly Question[] = [
  {
    question: 'Which ten products brought the highest revenue?',
    sql: `WITH ${SOLD_LINES}
      SELECT product_id, name, sum(line_total) AS revenue FROM sold_lines JOIN products USING (product_id)
      GROUP BY product_id, name ORDER BY revenue DESC, product_id LIMIT 10`,
    expected: (shop) =>
      best(shop)
        .slice(0, 10)
        .map(({ id, name, revenue }) => [id, name, money(revenue)]),
  },
  {
    question: 'Which three products of each category were sold most often?',
    sql: `WITH ${SOLD_LINES},
      ranked AS (
        SELECT category, product_id, CAST(sum(quantity) AS bigint) AS units,
          row_number() OVER (PARTITION BY category ORDER BY sum(quantity) DESC, product_id) AS place
        FROM sold_lines JOIN products USING (product_id) GROUP BY category, product_id)
      SELECT category, place, product_id, units FROM ranked WHERE place <= 3 ORDER BY category, place`,
    expected: (shop) =>
      groups(best(shop), ({ category }) => category).flatMap(([category, products]) =>
        sorted(
          products,
          ({ units }) => -units,
          ({ id }) => id,
        )
          .slice(0, 3)
          .map(({ id, units }, index) => [category, index + 1, id, units]),
      ),
  },
  {
    question: 'What margin does each category have?',
    sql: `WITH ${SOLD_LINES}
      SELECT category, sum(line_total - quantity * unit_cost) AS margin,
        CAST(sum(line_total - quantity * unit_cost) AS double precision) / CAST(sum(line_total) AS double precision) AS share
      FROM sold_lines JOIN products USING (product_id) GROUP BY category ORDER BY category`,
    expected: (shop) =>
      byCategory(shop).map(([category, lines]) => {
        const cost = sum(lines.map(({ product_id, quantity }) => quantity * shop.product(product_id).unit_cost))
        return [category, money(revenue(lines) - cost), (revenue(lines) - cost) / revenue(lines)]
      }),
  },
  {
    question: 'What share of the units of each category came back?',
    sql: `WITH ${SOLD_LINES}
      SELECT category, CAST(sum(returned_quantity) AS bigint) AS returned,
        CAST(sum(returned_quantity) AS double precision) / CAST(sum(quantity) AS double precision) AS share
      FROM sold_lines JOIN products USING (product_id) GROUP BY category ORDER BY share DESC`,
    expected: (shop) =>
      sorted(
        byCategory(shop).map(([category, lines]) => {
          const returned = sum(lines.map(({ returned_quantity }) => returned_quantity))
          return { category, returned, share: returned / units(lines) }
        }),
        ({ share }) => -share,
      ).map(({ category, returned, share }) => [category, returned, share]),
  },
  {
    question: 'How many days after delivery are articles sent back, at the median?',
    sql: `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(returned_on - delivered_on AS double precision))
      FROM order_lines JOIN orders USING (order_id) WHERE returned_on IS NOT NULL`,
    expected: ({ lines, order }) => [
      [
        percentile(
          lines.flatMap(({ returned_on, order_id }) =>
            returned_on === null ? [] : [returned_on - (order(order_id).delivered_on ?? 0)],
          ),
          0.5,
        ),
      ],
    ],
  },
  {
    question: 'How many products of each category that are still in the catalogue sold nothing in 2025?',
    sql: `SELECT category, count(*) FROM products
      WHERE discontinued_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM order_lines JOIN orders USING (order_id)
        WHERE order_lines.product_id = products.product_id AND orders.ordered_at >= DATE '2025-01-01')
      GROUP BY category ORDER BY category`,
    expected: ({ lines, order, products }) => {
      const recent = lines.filter(({ order_id }) => yearOf(order(order_id).ordered_at) === 2025)
      const sold = new Set(recent.map(({ product_id }) => product_id))
      const unsold = products.filter(
        ({ product_id, discontinued_on }) => discontinued_on === null && !sold.has(product_id),
      )
      return groups(unsold, ({ category }) => category).map(([category, { length }]) => [category, length])
    },
  },
  {
    question: 'By how much did prices rise in March 2024, of products sold both in February and in March?',
    sql: `WITH months AS (
        SELECT product_id, CAST(extract(month FROM ordered_at) AS int) AS month, max(unit_price) AS price
        FROM order_lines JOIN orders USING (order_id)
        WHERE ordered_at >= DATE '2024-02-01' AND ordered_at < DATE '2024-04-01' GROUP BY 1, 2)
      SELECT count(*), avg(CAST(march.price AS double precision) / CAST(february.price AS double precision))
      FROM months AS february JOIN months AS march USING (product_id) WHERE february.month = 2 AND march.month = 3`,
    expected: ({ lines, order }) => {
      const highest = (month: string) =>
        new Map(
          groups(
            lines.filter(({ order_id }) => date(dayOf(order(order_id).ordered_at)).startsWith(month)),
            ({ product_id }) => product_id,
          ).map(([id, own]) => [id, Math.max(...own.map(({ unit_price }) => unit_price))]),
        )
      const february = highest('2024-02')
      const ratios = [...highest('2024-03')].flatMap(([id, price]) => {
        const before = february.get(id)
        return before === undefined ? [] : [price / before]
      })
      return [[ratios.length, mean(ratios)]]
    },
  },
  {
    question: 'Which five pairs of products are bought together most often?',
    sql: `SELECT one.product_id, other.product_id, count(*) AS orders
      FROM order_lines AS one JOIN order_lines AS other
        ON other.order_id = one.order_id AND other.product_id > one.product_id
      GROUP BY 1, 2 ORDER BY orders DESC, 1, 2 LIMIT 5`,
    expected: ({ orders, linesOf }) => {
      const pairs = orders.flatMap((order) => {
        const ids = linesOf(order).map(({ product_id }) => product_id)
        return ids.flatMap((one) => ids.filter((other) => other > one).map((other) => ({ one, other })))
      })
      return sorted(
        groups(pairs, ({ one, other }) => `${one} ${other}`).map(([, same]) => ({ ...same[0], count: same.length })),
        ({ count }) => -count,
        ({ one = 0 }) => one,
        ({ other = 0 }) => other,
      )
        .slice(0, 5)
        .map(({ one = 0, other = 0, count }) => [one, other, count])
    },
  },
  {
    question: 'How much more often are two categories bought together than by chance (lift)?',
    sql: `WITH baskets AS (SELECT DISTINCT order_id, category FROM order_lines JOIN products USING (product_id)),
      shares AS (
        SELECT category, CAST(count(*) AS double precision) / (SELECT count(DISTINCT order_id) FROM baskets) AS share
        FROM baskets GROUP BY category),
      pairs AS (
        SELECT one.category AS one, other.category AS other,
          CAST(count(*) AS double precision) / (SELECT count(DISTINCT order_id) FROM baskets) AS share
        FROM baskets AS one JOIN baskets AS other ON other.order_id = one.order_id AND other.category > one.category
        GROUP BY 1, 2)
      SELECT pairs.one, pairs.other, pairs.share / (a.share * b.share) AS lift
      FROM pairs JOIN shares AS a ON a.category = pairs.one JOIN shares AS b ON b.category = pairs.other
      ORDER BY 1, 2`,
    expected: ({ orders, linesOf, product, products }) => {
      const baskets = orders.map(
        (order) => new Set(linesOf(order).map(({ product_id }) => product(product_id).category)),
      )
      const share = (...wanted: string[]) =>
        baskets.filter((basket) => wanted.every((each) => basket.has(each))).length / baskets.length
      const categories = unique(products.map(({ category }) => category)).sort()
      return categories.flatMap((one) =>
        categories
          .filter((other) => other > one && share(one, other) > 0)
          .map((other) => [one, other, share(one, other) / (share(one) * share(other))]),
      )
    },
  },
  {
    question: 'How many products make 80 % of the revenue?',
    sql: `WITH ${SOLD_LINES},
      ranked AS (SELECT product_id, sum(line_total) AS revenue FROM sold_lines GROUP BY product_id),
      summed AS (
        SELECT product_id, sum(revenue) OVER (ORDER BY revenue DESC, product_id) AS so_far, sum(revenue) OVER () AS total
        FROM ranked)
      SELECT count(*) FROM summed WHERE so_far <= 0.8 * total`,
    expected: (shop) => {
      const products = best(shop)
      const total = sum(products.map(({ revenue }) => revenue))
      let soFar = 0
      const within = products.filter(({ revenue }) => {
        soFar += revenue
        return 10 * soFar <= 8 * total
      })
      return [[within.length]]
    },
  },
  {
    question: 'What did the products of each launch bring in their first 90 days?',
    sql: `WITH ${SOLD_LINES}
      SELECT launched_on, count(DISTINCT product_id), sum(line_total)
      FROM products JOIN sold_lines USING (product_id)
      WHERE launched_on >= DATE '2023-01-01' AND CAST(ordered_at AS date) < launched_on + 90
      GROUP BY launched_on ORDER BY launched_on`,
    expected: ({ soldLines, product, order }) =>
      groups(
        soldLines.filter(({ product_id, order_id }) => {
          const { launched_on } = product(product_id)
          return launched_on >= 19_358 && dayOf(order(order_id).ordered_at) < launched_on + 90
        }),
        ({ product_id }) => product(product_id).launched_on,
      ).map(([launched, lines]) => [
        date(launched),
        unique(lines.map(({ product_id }) => product_id)).length,
        money(revenue(lines)),
      ]),
  },
  {
    question: 'How many articles have a brand, how many have none, and how many brands are there?',
    sql: `SELECT count(brand), count(*) - count(brand), count(DISTINCT brand) FROM products`,
    expected: ({ products }) => {
      const brands = products.flatMap(({ brand }) => brand ?? [])
      return [[brands.length, products.length - brands.length, unique(brands).length]]
    },
  },
  {
    question: 'How much weight was sent in 2025, and for how many units is it not known?',
    sql: `SELECT sum(quantity * weight_kg), CAST(sum(CASE WHEN weight_kg IS NULL THEN quantity ELSE 0 END) AS bigint)
      FROM order_lines JOIN orders USING (order_id) JOIN products USING (product_id)
      WHERE channel <> 'store' AND extract(year FROM ordered_at) = 2025`,
    expected: ({ lines, order, product }) => {
      const sent = lines.filter(({ order_id }) => {
        const { channel, ordered_at } = order(order_id)
        return channel !== 'store' && yearOf(ordered_at) === 2025
      })
      const weight = sum(sent.map(({ product_id, quantity }) => quantity * (product(product_id).weight_kg ?? 0)))
      return [[weight, units(sent.filter(({ product_id }) => product(product_id).weight_kg === null))]]
    },
  },
  {
    question: 'How many articles and units has an order on the mean?',
    sql: `WITH baskets AS (SELECT order_id, count(*) AS lines, sum(quantity) AS units FROM order_lines GROUP BY order_id)
      SELECT CAST(avg(lines) AS double precision), CAST(avg(units) AS double precision) FROM baskets`,
    expected: ({ lines, orders }) => [[lines.length / orders.length, units(lines) / orders.length]],
  },
  {
    question: 'How are list prices distributed over price bands?',
    sql: `SELECT CASE WHEN list_price < 20 THEN 'a: below 20' WHEN list_price < 100 THEN 'b: below 100'
          WHEN list_price < 300 THEN 'c: below 300' ELSE 'd: 300 and above' END AS band, count(*), min(list_price), max(list_price)
      FROM products GROUP BY 1 ORDER BY 1`,
    expected: ({ products }) =>
      groups(products, ({ list_price: cents }) =>
        cents < 2_000
          ? 'a: below 20'
          : cents < 10_000
            ? 'b: below 100'
            : cents < 30_000
              ? 'c: below 300'
              : 'd: 300 and above',
      ).map(([band, own]) => {
        const prices = own.map(({ list_price }) => list_price)
        return [band, own.length, money(Math.min(...prices)), money(Math.max(...prices))]
      }),
  },
  {
    question: 'What are the cheapest and the dearest article of each category?',
    sql: `WITH ranked AS (
        SELECT category,
          first_value(name) OVER (PARTITION BY category ORDER BY list_price, product_id) AS cheapest,
          first_value(name) OVER (PARTITION BY category ORDER BY list_price DESC, product_id) AS dearest FROM products)
      SELECT DISTINCT category, cheapest, dearest FROM ranked ORDER BY category`,
    expected: ({ products }) =>
      groups(products, ({ category }) => category).map(([category, own]) => {
        const id = ({ product_id }: (typeof own)[number]) => product_id
        const [cheapest] = sorted(own, ({ list_price }) => list_price, id)
        const [dearest] = sorted(own, ({ list_price }) => -list_price, id)
        return [category, cheapest?.name ?? '', dearest?.name ?? '']
      }),
  },
  {
    question: 'What does each quarter of the products bring, the best first?',
    sql: `WITH ${SOLD_LINES},
      ranked AS (SELECT product_id, sum(line_total) AS revenue FROM sold_lines GROUP BY product_id),
      quarters AS (SELECT revenue, ntile(4) OVER (ORDER BY revenue DESC, product_id) AS quarter FROM ranked)
      SELECT quarter, count(*), sum(revenue) FROM quarters GROUP BY quarter ORDER BY quarter`,
    expected: (shop) => {
      const products = best(shop)
      const larger = products.length % 4
      let start = 0
      return [0, 1, 2, 3].map((index) => {
        const size = Math.floor(products.length / 4) + (index < larger ? 1 : 0)
        const part = products.slice(start, start + size)
        start += size
        return [index + 1, size, money(sum(part.map(({ revenue }) => revenue)))]
      })
    },
  },
]
