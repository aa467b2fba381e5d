import { date, dayOf, groups, mean, money, percentile, sorted, sum, unique, yearOf } from './arithmetic.ts'
import type { Question, Shop } from './question.ts'

type Customer = Shop['customers'][number]

const revenue = (orders: readonly { readonly total: number }[]) => sum(orders.map(({ total }) => total))
const quarter = (day: number): string => {
  const [year = '', month = ''] = date(day).split('-')
  return `${year}-${String(3 * Math.floor((Number(month) - 1) / 3) + 1).padStart(2, '0')}-01`
}
const monthNumber = (seconds: number): number => {
  const [year = '', month = ''] = date(dayOf(seconds)).split('-')
  return 12 * Number(year) + Number(month)
}

/** Days between one order of a customer and the next. */
function gaps({ customers, ordersOf }: Shop, of: (customer: Customer) => boolean = () => true): number[][] {
  return customers.filter(of).map((customer) =>
    ordersOf(customer).flatMap((order, index, all) => {
      const next = all[index + 1]
      return next ? [dayOf(next.ordered_at) - dayOf(order.ordered_at)] : []
    }),
  )
}

/** Questions about customers: segments, cohorts, loyalty. */
export const CUSTOMERS: readonly Question[] = [
  {
    question: 'How many customers of each segment have bought, and for how much?',
    sql: `SELECT segment, count(DISTINCT customers.customer_id), count(DISTINCT orders.customer_id), coalesce(sum(total), 0)
      FROM customers LEFT JOIN orders ON orders.customer_id = customers.customer_id AND status <> 'cancelled'
      GROUP BY segment ORDER BY segment`,
    expected: ({ customers, ordersOf }) =>
      groups(customers, ({ segment }) => segment).map(([segment, own]) => {
        const bought = own
          .map((customer) => ordersOf(customer).filter(({ status }) => status !== 'cancelled'))
          .filter(({ length }) => length > 0)
        return [segment, own.length, bought.length, money(revenue(bought.flat()))]
      }),
  },
  {
    question: 'Of those who signed up in each quarter of 2023, how many bought in 2023, 2024 and 2025?',
    sql: `SELECT CAST(date_trunc('quarter', signed_up_on) AS date) AS cohort, count(DISTINCT customers.customer_id),
        count(DISTINCT CASE WHEN extract(year FROM ordered_at) = 2023 THEN customers.customer_id END),
        count(DISTINCT CASE WHEN extract(year FROM ordered_at) = 2024 THEN customers.customer_id END),
        count(DISTINCT CASE WHEN extract(year FROM ordered_at) = 2025 THEN customers.customer_id END)
      FROM customers LEFT JOIN orders USING (customer_id)
      WHERE signed_up_on >= DATE '2023-01-01' AND signed_up_on < DATE '2024-01-01' GROUP BY 1 ORDER BY 1`,
    expected: ({ customers, ordersOf }) =>
      groups(
        customers.filter(({ signed_up_on }) => date(signed_up_on).startsWith('2023')),
        ({ signed_up_on }) => quarter(signed_up_on),
      ).map(([cohort, own]) => [
        cohort,
        own.length,
        ...[2023, 2024, 2025].map(
          (year) =>
            own.filter((customer) => ordersOf(customer).some(({ ordered_at }) => yearOf(ordered_at) === year)).length,
        ),
      ]),
  },
  {
    question: 'How many of the customers whose first order was in 2024 bought again one, two and three months later?',
    sql: `WITH firsts AS (
        SELECT customer_id, min(ordered_at) AS first_at FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id),
      months AS (
        SELECT DISTINCT orders.customer_id,
          CAST((extract(year FROM ordered_at) - extract(year FROM first_at)) * 12
            + extract(month FROM ordered_at) - extract(month FROM first_at) AS int) AS month
        FROM orders JOIN firsts USING (customer_id) WHERE extract(year FROM first_at) = 2024)
      SELECT month, count(*) FROM months WHERE month <= 3 GROUP BY month ORDER BY month`,
    expected: ({ customers, ordersOf }) => {
      const months = customers.flatMap((customer) => {
        const orders = ordersOf(customer)
        const first = orders[0]?.ordered_at ?? 0
        if (yearOf(first) !== 2024) return []
        return unique(orders.map(({ ordered_at }) => monthNumber(ordered_at) - monthNumber(first)))
      })
      return groups(
        months.filter((month) => month <= 3),
        (month) => month,
      ).map(([month, { length }]) => [month, length])
    },
  },
  {
    question: 'What share of buyers has bought more than once?',
    sql: `WITH buyers AS (SELECT customer_id, count(*) AS orders FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id)
      SELECT count(*), CAST(count(*) FILTER (WHERE orders > 1) AS double precision) / count(*) FROM buyers`,
    expected: ({ customers, ordersOf }) => {
      const counts = customers.map((customer) => ordersOf(customer).length).filter((count) => count > 0)
      return [[counts.length, counts.filter((count) => count > 1).length / counts.length]]
    },
  },
  {
    question: 'How many customers have made how many orders?',
    sql: `WITH buyers AS (SELECT customer_id, count(*) AS orders FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id)
      SELECT orders, count(*) FROM buyers GROUP BY orders ORDER BY orders`,
    expected: ({ customers, ordersOf }) =>
      groups(
        customers.filter((customer) => ordersOf(customer).length > 0),
        (customer) => ordersOf(customer).length,
      ).map(([orders, { length }]) => [orders, length]),
  },
  {
    question: 'How many days pass between two orders of a customer, by segment?',
    sql: `WITH gaps AS (
        SELECT customer_id, CAST(ordered_at AS date)
          - lag(CAST(ordered_at AS date)) OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) AS days
        FROM orders WHERE customer_id IS NOT NULL)
      SELECT segment, count(days), CAST(avg(days) AS double precision)
      FROM gaps JOIN customers USING (customer_id) WHERE days IS NOT NULL GROUP BY segment ORDER BY segment`,
    expected: (shop) =>
      groups(shop.customers, ({ segment }) => segment).flatMap(([segment]) => {
        const days = gaps(shop, (customer) => customer.segment === segment).flat()
        return days.length > 0 ? [[segment, days.length, mean(days)]] : []
      }),
  },
  {
    question: 'How many days pass between the first and the second order, at the median?',
    sql: `WITH numbered AS (
        SELECT customer_id, CAST(ordered_at AS date) AS day,
          row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) AS number
        FROM orders WHERE customer_id IS NOT NULL)
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(second.day - first.day AS double precision))
      FROM numbered AS first JOIN numbered AS second ON second.customer_id = first.customer_id AND second.number = 2
      WHERE first.number = 1`,
    expected: (shop) => [
      [
        percentile(
          gaps(shop).flatMap(([first]) => first ?? []),
          0.5,
        ),
      ],
    ],
  },
  {
    question: 'Who are the ten best customers?',
    sql: `SELECT rank() OVER (ORDER BY sum(total) DESC) AS place, customer_id, name, sum(total) AS revenue
      FROM customers JOIN orders USING (customer_id) WHERE status <> 'cancelled'
      GROUP BY customer_id, name ORDER BY revenue DESC, customer_id LIMIT 10`,
    expected: ({ customers, ordersOf }) => {
      const totals = customers.map((customer) => ({
        ...customer,
        total: revenue(ordersOf(customer).filter(({ status }) => status !== 'cancelled')),
      }))
      return sorted(
        totals,
        ({ total }) => -total,
        ({ customer_id }) => customer_id,
      )
        .slice(0, 10)
        .map(({ customer_id, name, total }) => [
          1 + totals.filter((other) => other.total > total).length,
          customer_id,
          name,
          money(total),
        ])
    },
  },
  {
    question: 'How many customers have never ordered, by the year of their sign-up?',
    sql: `SELECT CAST(extract(year FROM signed_up_on) AS int) AS year, count(*) FROM customers
      WHERE customer_id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL) GROUP BY 1 ORDER BY 1`,
    expected: ({ customers, ordersOf }) =>
      groups(
        customers.filter((customer) => ordersOf(customer).length === 0),
        ({ signed_up_on }) => Number(date(signed_up_on).slice(0, 4)),
      ).map(([year, { length }]) => [year, length]),
  },
  {
    question: 'How many orders of each channel came from guests?',
    sql: `SELECT channel, count(*) - count(customer_id) AS guests, count(customer_id) AS customers
      FROM orders GROUP BY channel ORDER BY channel`,
    expected: ({ orders }) =>
      groups(orders, ({ channel }) => channel).map(([channel, own]) => {
        const guests = own.filter(({ customer_id }) => customer_id === null).length
        return [channel, guests, own.length - guests]
      }),
  },
  {
    question: 'Which customers have recommended the shop to at least two others, and what did those buy?',
    sql: `SELECT referrer.customer_id, count(DISTINCT friend.customer_id) AS friends, coalesce(sum(total), 0) AS revenue
      FROM customers AS referrer JOIN customers AS friend ON friend.referred_by = referrer.customer_id
      LEFT JOIN orders ON orders.customer_id = friend.customer_id
      GROUP BY referrer.customer_id HAVING count(DISTINCT friend.customer_id) >= 2 ORDER BY friends DESC, 1`,
    expected: ({ customers, ordersOf }) => {
      const byReferrer = groups(
        customers.filter(({ referred_by }) => referred_by !== null),
        ({ referred_by }) => referred_by ?? 0,
      ).filter(([, { length }]) => length >= 2)
      return sorted(byReferrer, ([, friends]) => -friends.length).map(([id, friends]) => [
        id,
        friends.length,
        money(revenue(friends.flatMap((friend) => ordersOf(friend)))),
      ])
    },
  },
  {
    question: 'How long are the chains of recommendations?',
    sql: `WITH RECURSIVE chains AS (
        SELECT customer_id, 0 AS length FROM customers WHERE referred_by IS NULL
        UNION ALL
        SELECT customers.customer_id, chains.length + 1 FROM customers JOIN chains ON customers.referred_by = chains.customer_id)
      SELECT length, count(*) FROM chains GROUP BY length ORDER BY length`,
    expected: ({ customers }) => {
      const byId = new Map(customers.map((customer) => [customer.customer_id, customer]))
      const lengthOf = ({ referred_by }: Customer): number => {
        const referrer = referred_by === null ? undefined : byId.get(referred_by)
        return referrer ? 1 + lengthOf(referrer) : 0
      }
      return groups(customers, lengthOf).map(([length, own]) => [length, own.length])
    },
  },
  {
    question: 'In which decades were customers born, as far as is known?',
    sql: `SELECT CAST(floor(birth_year / 10.0) * 10 AS int) AS decade, count(*) FROM customers
      GROUP BY 1 ORDER BY decade NULLS LAST`,
    expected: ({ customers }) =>
      groups(customers, ({ birth_year }) => (birth_year === null ? null : 10 * Math.floor(birth_year / 10))).map(
        ([decade, { length }]) => [decade, length],
      ),
  },
  {
    question: 'Do those who take the newsletter order more often?',
    sql: `WITH counts AS (
        SELECT customer_id, newsletter, count(order_id) AS orders
        FROM customers LEFT JOIN orders USING (customer_id) GROUP BY customer_id, newsletter)
      SELECT newsletter, CAST(avg(orders) AS double precision) FROM counts GROUP BY newsletter ORDER BY newsletter`,
    expected: ({ customers, ordersOf }) =>
      [false, true].map((newsletter) => [
        newsletter,
        mean(customers.filter((each) => each.newsletter === newsletter).map((each) => ordersOf(each).length)),
      ]),
  },
  {
    question: 'How many customers have bought within the last 90 days, within a year, or longer ago?',
    sql: `WITH latest AS (
        SELECT DATE '2025-12-31' - max(CAST(ordered_at AS date)) AS days FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id)
      SELECT CASE WHEN days <= 90 THEN 1 WHEN days <= 365 THEN 2 ELSE 3 END AS recency, count(*) FROM latest GROUP BY 1 ORDER BY 1`,
    expected: ({ customers, ordersOf }) =>
      groups(
        customers.flatMap((customer) => ordersOf(customer).at(-1) ?? []),
        ({ ordered_at }) => {
          const days = 20_453 - dayOf(ordered_at)
          return days <= 90 ? 1 : days <= 365 ? 2 : 3
        },
      ).map(([recency, { length }]) => [recency, length]),
  },
  {
    question: 'Which city has most customers in each country?',
    sql: `SELECT country, city, customers FROM (
        SELECT country, city, count(*) AS customers,
          row_number() OVER (PARTITION BY country ORDER BY count(*) DESC, city) AS place FROM customers GROUP BY country, city
      ) AS cities WHERE place = 1 ORDER BY country`,
    expected: ({ customers }) =>
      groups(customers, ({ country }) => country).map(([country, own]) => {
        const [[city, most] = ['', []]] = sorted(
          groups(own, ({ city }) => city),
          ([, { length }]) => -length,
        )
        return [country, city, most.length]
      }),
  },
  {
    question: 'How many who bought in 2024 did not come again in 2025, and what had they spent in 2024?',
    sql: `WITH lost AS (
        SELECT customer_id FROM orders WHERE customer_id IS NOT NULL AND extract(year FROM ordered_at) = 2024
        EXCEPT SELECT customer_id FROM orders WHERE extract(year FROM ordered_at) = 2025)
      SELECT count(DISTINCT customer_id), sum(total) FROM orders JOIN lost USING (customer_id)
      WHERE extract(year FROM ordered_at) = 2024`,
    expected: ({ customers, ordersOf }) => {
      const inYear = (customer: Customer, year: number) =>
        ordersOf(customer).filter(({ ordered_at }) => yearOf(ordered_at) === year)
      const lost = customers.filter((each) => inYear(each, 2024).length > 0 && inYear(each, 2025).length === 0)
      return [[lost.length, money(revenue(lost.flatMap((each) => inYear(each, 2024))))]]
    },
  },
]
