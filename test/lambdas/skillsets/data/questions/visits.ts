import { groups, hourOf, mean, money, monthOf, percentile, sorted, sum, unique, yearOf } from './arithmetic.ts'
import type { Question } from './question.ts'

/** Questions about visits to the web shop and the app. */
export const VISITS: readonly Question[] = [
  {
    question: 'How many visits reach the cart, the checkout and an order?',
    sql: `SELECT count(*), count(*) FILTER (WHERE added_to_cart), count(*) FILTER (WHERE reached_checkout), count(order_id)
      FROM web_sessions`,
    expected: ({ sessions }) => [
      [
        sessions.length,
        sessions.filter(({ added_to_cart }) => added_to_cart).length,
        sessions.filter(({ reached_checkout }) => reached_checkout).length,
        sessions.filter(({ order_id }) => order_id !== null).length,
      ],
    ],
  },
  {
    question: 'Of a hundred visits of each device, how many end with an order?',
    sql: `SELECT device, 100 * CAST(count(order_id) AS double precision) / count(*) FROM web_sessions GROUP BY device ORDER BY device`,
    expected: ({ sessions }) =>
      groups(sessions, ({ device }) => device).map(([device, own]) => [
        device,
        (100 * own.filter(({ order_id }) => order_id !== null).length) / own.length,
      ]),
  },
  {
    question: 'How long do visits of more than one page last, at the median and at the 95th percentile, by source?',
    sql: `SELECT source, count(seconds), percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(seconds AS double precision)),
        percentile_cont(0.95) WITHIN GROUP (ORDER BY CAST(seconds AS double precision))
      FROM web_sessions GROUP BY source ORDER BY source`,
    expected: ({ sessions }) =>
      groups(sessions, ({ source }) => source).map(([source, own]) => {
        const seconds = own.flatMap(({ seconds }) => seconds ?? [])
        return [source, seconds.length, percentile(seconds, 0.5), percentile(seconds, 0.95)]
      }),
  },
  {
    question: 'What share of visits ended on the first page, by month of 2025?',
    sql: `SELECT CAST(date_trunc('month', started_at) AS date) AS month,
        avg(CASE WHEN pages = 1 THEN CAST(1 AS double precision) ELSE 0 END)
      FROM web_sessions WHERE extract(year FROM started_at) = 2025 GROUP BY 1 ORDER BY 1`,
    expected: ({ sessions }) =>
      groups(
        sessions.filter(({ started_at }) => yearOf(started_at) === 2025),
        ({ started_at }) => monthOf(started_at),
      ).map(([month, own]) => [month, mean(own.map(({ pages }) => (pages === 1 ? 1 : 0)))]),
  },
  {
    question: 'Which sources bring the revenue?',
    sql: `SELECT source, count(*) AS orders, sum(total) AS revenue FROM web_sessions JOIN orders USING (order_id)
      WHERE status <> 'cancelled' GROUP BY source ORDER BY revenue DESC`,
    expected: ({ sessions, order }) => {
      const sold = sessions.flatMap(({ source, order_id }) => {
        if (order_id === null || order(order_id).status === 'cancelled') return []
        return [{ source, total: order(order_id).total }]
      })
      const totals = groups(sold, ({ source }) => source).map(([source, own]) => ({
        source,
        orders: own.length,
        revenue: sum(own.map(({ total }) => total)),
      }))
      return sorted(totals, ({ revenue }) => -revenue).map(({ source, orders, revenue }) => [
        source,
        orders,
        money(revenue),
      ])
    },
  },
  {
    question: 'How many online orders did no visit lead to?',
    sql: `SELECT channel, count(*) FROM orders LEFT JOIN web_sessions USING (order_id)
      WHERE channel IN ('web', 'app') AND session_id IS NULL GROUP BY channel ORDER BY channel`,
    expected: ({ orders, sessions }) => {
      const seen = new Set(sessions.map(({ order_id }) => order_id))
      const unseen = orders.filter(
        ({ order_id, channel }) => (channel === 'web' || channel === 'app') && !seen.has(order_id),
      )
      return groups(unseen, ({ channel }) => channel).map(([channel, { length }]) => [channel, length])
    },
  },
  {
    question: 'Which three hours of the day see most visits?',
    sql: `SELECT CAST(extract(hour FROM started_at) AS int) AS hour, count(*) AS visits FROM web_sessions
      GROUP BY 1 ORDER BY visits DESC, hour LIMIT 3`,
    expected: ({ sessions }) =>
      sorted(
        groups(sessions, ({ started_at }) => hourOf(started_at)),
        ([, { length }]) => -length,
      )
        .slice(0, 3)
        .map(([hour, { length }]) => [hour, length]),
  },
  {
    question: 'How many visits did those who were signed in make, and how many people were they?',
    sql: `SELECT count(customer_id), count(DISTINCT customer_id) FROM web_sessions`,
    expected: ({ sessions }) => {
      const people = sessions.flatMap(({ customer_id }) => customer_id ?? [])
      return [[people.length, unique(people).length]]
    },
  },
  {
    question: 'How many tenants can be seen?',
    sql: `SELECT count(DISTINCT tenant), count(*) FROM (
        SELECT tenant FROM web_sessions UNION ALL SELECT tenant FROM orders UNION ALL SELECT tenant FROM customers
        UNION ALL SELECT tenant FROM products UNION ALL SELECT tenant FROM order_lines) AS everything`,
    expected: ({ sessions, orders, customers, products, lines }) => [
      [1, sum([sessions, orders, customers, products, lines].map(({ length }) => length))],
    ],
  },
]
