import {
  date,
  dayOf,
  groups,
  hourOf,
  mean,
  money,
  monthOf,
  percentile,
  quarterOf,
  sorted,
  sum,
  unique,
  weekdayOf,
  yearOf,
} from './arithmetic.ts'
import type { Question, Shop } from './question.ts'

const revenue = (orders: readonly { readonly total: number }[]) => sum(orders.map(({ total }) => total))

function monthly({ sold }: Shop): [string, number][] {
  return groups(sold, ({ ordered_at }) => monthOf(ordered_at)).map(([month, orders]) => [month, revenue(orders)])
}

/** Questions about orders and money. */
export const SALES: readonly Question[] = [
  {
    question: 'How many orders were there, and what were they worth, cancelled ones left out?',
    sql: `SELECT count(*), sum(total) FROM orders WHERE status <> 'cancelled'`,
    expected: ({ sold }) => [[sold.length, money(revenue(sold))]],
  },
  {
    question: 'What was the revenue of each year?',
    sql: `SELECT CAST(extract(year FROM ordered_at) AS int) AS year, sum(total) AS revenue
      FROM orders WHERE status <> 'cancelled' GROUP BY 1 ORDER BY 1`,
    expected: ({ sold }) =>
      groups(sold, ({ ordered_at }) => yearOf(ordered_at)).map(([year, orders]) => [year, money(revenue(orders))]),
  },
  {
    question: 'How did orders and revenue develop by month in 2024?',
    sql: `SELECT CAST(date_trunc('month', ordered_at) AS date) AS month, count(*), sum(total)
      FROM orders WHERE status <> 'cancelled' AND ordered_at >= DATE '2024-01-01' AND ordered_at < DATE '2025-01-01'
      GROUP BY 1 ORDER BY 1`,
    expected: ({ sold }) =>
      groups(
        sold.filter(({ ordered_at }) => yearOf(ordered_at) === 2024),
        ({ ordered_at }) => monthOf(ordered_at),
      ).map(([month, orders]) => [month, orders.length, money(revenue(orders))]),
  },
  {
    question: 'How did each quarter do against the same quarter of the year before?',
    sql: `WITH quarters AS (
        SELECT CAST(extract(year FROM ordered_at) AS int) AS year, CAST(extract(quarter FROM ordered_at) AS int) AS quarter,
          sum(total) AS revenue
        FROM orders WHERE status <> 'cancelled' GROUP BY 1, 2)
      SELECT now.year, now.quarter, now.revenue - before.revenue AS change,
        CAST(now.revenue AS double precision) / CAST(before.revenue AS double precision) - 1 AS growth
      FROM quarters AS now JOIN quarters AS before ON before.year = now.year - 1 AND before.quarter = now.quarter
      ORDER BY 1, 2`,
    expected: ({ sold }) => {
      const quarters = groups(sold, ({ ordered_at }) => `${yearOf(ordered_at)} ${quarterOf(ordered_at)}`).map(
        ([quarter, orders]) => [quarter, revenue(orders)] as const,
      )
      return quarters.slice(4).map(([quarter, now], index) => {
        const before = quarters[index]?.[1] ?? 0
        return [Number(quarter.slice(0, 4)), Number(quarter.slice(5)), money(now - before), now / before - 1]
      })
    },
  },
  {
    question: 'Which five days had the highest revenue?',
    sql: `SELECT CAST(ordered_at AS date) AS day, sum(total) AS revenue FROM orders
      WHERE status <> 'cancelled' GROUP BY 1 ORDER BY revenue DESC, day LIMIT 5`,
    expected: ({ sold }) =>
      sorted(
        groups(sold, ({ ordered_at }) => dayOf(ordered_at)).map(([day, orders]) => ({ day, total: revenue(orders) })),
        ({ total }) => -total,
        ({ day }) => day,
      )
        .slice(0, 5)
        .map(({ day, total }) => [date(day), money(total)]),
  },
  {
    question: 'What was the running total of revenue through 2025, by month?',
    sql: `WITH months AS (
        SELECT CAST(date_trunc('month', ordered_at) AS date) AS month, sum(total) AS revenue FROM orders
        WHERE status <> 'cancelled' AND ordered_at >= DATE '2025-01-01' GROUP BY 1)
      SELECT month, revenue, sum(revenue) OVER (ORDER BY month) AS so_far FROM months ORDER BY month`,
    expected: (shop) => {
      let soFar = 0
      return monthly(shop)
        .filter(([month]) => month >= '2025')
        .map(([month, total]) => {
          soFar += total
          return [month, money(total), money(soFar)]
        })
    },
  },
  {
    question: 'What is the moving average of revenue over three months?',
    sql: `WITH months AS (
        SELECT CAST(date_trunc('month', ordered_at) AS date) AS month, sum(total) AS revenue FROM orders
        WHERE status <> 'cancelled' GROUP BY 1)
      SELECT month, avg(CAST(revenue AS double precision)) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
      FROM months ORDER BY month`,
    expected: (shop) =>
      monthly(shop).map(([month], index, all) => [
        month,
        mean(all.slice(Math.max(0, index - 2), index + 1).map(([, total]) => total / 100)),
      ]),
  },
  {
    question: 'Which months lost revenue against the month before, by how much?',
    sql: `WITH months AS (
        SELECT CAST(date_trunc('month', ordered_at) AS date) AS month, sum(total) AS revenue FROM orders
        WHERE status <> 'cancelled' GROUP BY 1),
      changes AS (SELECT month, revenue - lag(revenue) OVER (ORDER BY month) AS change FROM months)
      SELECT month, change FROM changes WHERE change < 0 ORDER BY change, month`,
    expected: (shop) =>
      sorted(
        monthly(shop).flatMap(([month, total], index, all) => {
          const change = total - (all[index - 1]?.[1] ?? total)
          return change < 0 ? [{ month, change }] : []
        }),
        ({ change }) => change,
        ({ month }) => month,
      ).map(({ month, change }) => [month, money(change)]),
  },
  {
    question: 'How many orders does each weekday bring on the mean, days without any included?',
    sql: `WITH days AS (
        SELECT CAST(day AS date) AS day FROM generate_series(DATE '2023-01-01', DATE '2025-12-31', INTERVAL '1 day') AS all_days(day)),
      counts AS (
        SELECT days.day, count(orders.order_id) AS orders FROM days
        LEFT JOIN orders ON CAST(orders.ordered_at AS date) = days.day GROUP BY 1)
      SELECT CAST(extract(dow FROM day) AS int) AS weekday, CAST(avg(orders) AS double precision) FROM counts GROUP BY 1 ORDER BY 1`,
    expected: ({ orders }) =>
      groups(
        Array.from({ length: 1096 }, (_, index) => (19_358 + index) * 86_400),
        weekdayOf,
      ).map(([weekday, days]) => [
        weekday,
        orders.filter(({ ordered_at }) => weekdayOf(ordered_at) === weekday).length / days.length,
      ]),
  },
  {
    question: 'On which days of 2024 did nobody order?',
    sql: `SELECT CAST(day AS date) AS day
      FROM generate_series(DATE '2024-01-01', DATE '2024-12-31', INTERVAL '1 day') AS all_days(day)
      WHERE NOT EXISTS (SELECT 1 FROM orders WHERE CAST(ordered_at AS date) = CAST(day AS date)) ORDER BY 1`,
    expected: ({ orders }) => {
      const busy = new Set(orders.map(({ ordered_at }) => dayOf(ordered_at)))
      return Array.from({ length: 366 }, (_, index) => 19_723 + index)
        .filter((day) => !busy.has(day))
        .map((day) => [date(day)])
    },
  },
  {
    question: 'What was the longest run of days in a row with orders?',
    sql: `WITH days AS (SELECT DISTINCT CAST(ordered_at AS date) AS day FROM orders),
      islands AS (SELECT day, day - CAST(row_number() OVER (ORDER BY day) AS int) AS island FROM days)
      SELECT min(day), max(day), count(*) FROM islands GROUP BY island ORDER BY 3 DESC, 1 LIMIT 1`,
    expected: ({ orders }) => {
      const days = unique(orders.map(({ ordered_at }) => dayOf(ordered_at)))
      const runs = groups(days, (day) => day - days.indexOf(day)).map(([, run]) => run)
      const [longest = []] = sorted(runs, ({ length }) => -length)
      return [[date(longest[0] ?? 0), date(longest.at(-1) ?? 0), longest.length]]
    },
  },
  {
    question: 'At which hour does each channel get most orders?',
    sql: `WITH hours AS (
        SELECT channel, CAST(extract(hour FROM ordered_at) AS int) AS hour, count(*) AS orders FROM orders GROUP BY 1, 2),
      ranked AS (SELECT *, row_number() OVER (PARTITION BY channel ORDER BY orders DESC, hour) AS place FROM hours)
      SELECT channel, hour, orders FROM ranked WHERE place = 1 ORDER BY channel`,
    expected: ({ orders }) =>
      groups(orders, ({ channel }) => channel).map(([channel, own]) => {
        const hours = groups(own, ({ ordered_at }) => hourOf(ordered_at))
        const [[hour, most] = [0, []]] = sorted(hours, ([, { length }]) => -length)
        return [channel, hour, most.length]
      }),
  },
  {
    question: 'What share of revenue has each channel?',
    sql: `SELECT channel, sum(total) AS revenue,
        CAST(sum(total) AS double precision) / CAST(sum(sum(total)) OVER () AS double precision) AS share
      FROM orders WHERE status <> 'cancelled' GROUP BY channel ORDER BY revenue DESC`,
    expected: ({ sold }) =>
      sorted(
        groups(sold, ({ channel }) => channel),
        ([, orders]) => -revenue(orders),
      ).map(([channel, orders]) => [channel, money(revenue(orders)), revenue(orders) / revenue(sold)]),
  },
  {
    question: 'What did each coupon cost, and how often was there none?',
    sql: `SELECT coalesce(coupon, '(none)') AS coupon, count(*), sum(discount) FROM orders GROUP BY 1 ORDER BY 1`,
    expected: ({ orders }) =>
      groups(orders, ({ coupon }) => coupon ?? '(none)').map(([coupon, own]) => [
        coupon,
        own.length,
        money(sum(own.map(({ discount }) => discount))),
      ]),
  },
  {
    question: 'Are there orders whose total is not what their lines, discount and shipping add up to?',
    sql: `SELECT count(*) FROM orders
      JOIN (SELECT order_id, sum(line_total) AS lines FROM order_lines GROUP BY order_id) AS sums USING (order_id)
      WHERE total <> lines - discount + shipping`,
    expected: () => [[0]],
  },
  {
    question: 'What are the mean and the median order of each channel worth?',
    sql: `SELECT channel, CAST(avg(total) AS double precision),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(total AS double precision))
      FROM orders WHERE status <> 'cancelled' GROUP BY channel ORDER BY channel`,
    expected: ({ sold }) =>
      groups(sold, ({ channel }) => channel).map(([channel, own]) => {
        const totals = own.map(({ total }) => total / 100)
        return [channel, mean(totals), percentile(totals, 0.5)]
      }),
  },
  {
    question: 'Between which amounts do the middle 80 % of orders lie?',
    sql: `SELECT percentile_cont(0.1) WITHIN GROUP (ORDER BY CAST(total AS double precision)),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY CAST(total AS double precision)) FROM orders`,
    expected: ({ orders }) => {
      const totals = orders.map(({ total }) => total / 100)
      return [[percentile(totals, 0.1), percentile(totals, 0.9)]]
    },
  },
  {
    question: 'How many orders of each country were delivered for free, stores left out?',
    sql: `SELECT country, count(*) FILTER (WHERE shipping = 0) AS free, count(*) AS orders
      FROM orders WHERE channel <> 'store' GROUP BY country ORDER BY country`,
    expected: ({ orders }) =>
      groups(
        orders.filter(({ channel }) => channel !== 'store'),
        ({ country }) => country,
      ).map(([country, own]) => [country, own.filter(({ shipping }) => shipping === 0).length, own.length]),
  },
  {
    question: 'In which three months was the largest share of orders cancelled?',
    sql: `SELECT CAST(date_trunc('month', ordered_at) AS date) AS month,
        avg(CASE WHEN status = 'cancelled' THEN CAST(1 AS double precision) ELSE 0 END) AS share
      FROM orders GROUP BY 1 ORDER BY share DESC, month LIMIT 3`,
    expected: ({ orders }) =>
      sorted(
        groups(orders, ({ ordered_at }) => monthOf(ordered_at)).map(([month, own]) => ({
          month,
          share: mean(own.map(({ status }) => (status === 'cancelled' ? 1 : 0))),
        })),
        ({ share }) => -share,
        ({ month }) => month,
      )
        .slice(0, 3)
        .map(({ month, share }) => [month, share]),
  },
  {
    question: 'How many days did deliveries take in each month of 2024, on the mean and at the most?',
    sql: `SELECT CAST(date_trunc('month', ordered_at) AS date) AS month,
        CAST(avg(delivered_on - CAST(ordered_at AS date)) AS double precision), max(delivered_on - CAST(ordered_at AS date))
      FROM orders WHERE channel <> 'store' AND delivered_on IS NOT NULL AND extract(year FROM ordered_at) = 2024
      GROUP BY 1 ORDER BY 1`,
    expected: ({ orders }) =>
      groups(
        orders.flatMap(({ channel, delivered_on, ordered_at }) =>
          channel !== 'store' && delivered_on !== null && yearOf(ordered_at) === 2024
            ? [{ ordered_at, days: delivered_on - dayOf(ordered_at) }]
            : [],
        ),
        ({ ordered_at }) => monthOf(ordered_at),
      ).map(([month, own]) => [month, mean(own.map(({ days }) => days)), Math.max(...own.map(({ days }) => days))]),
  },
  {
    question: 'Which order was the largest, and how many articles did it have?',
    sql: `SELECT order_id, total, count(*) AS lines, CAST(sum(quantity) AS bigint) AS units
      FROM orders JOIN order_lines USING (order_id) GROUP BY order_id, total ORDER BY total DESC, order_id LIMIT 1`,
    expected: ({ orders, linesOf }) =>
      sorted(
        orders,
        ({ total }) => -total,
        ({ order_id }) => order_id,
      )
        .slice(0, 1)
        .map((order) => [
          order.order_id,
          money(order.total),
          linesOf(order).length,
          sum(linesOf(order).map(({ quantity }) => quantity)),
        ]),
  },
]
