import { FIRST_DAY } from './calendar.ts'
import { BUSINESS_SUFFIXES, FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { Random } from './random.ts'
import type { Customer } from './rows.ts'
import type { Shop } from './shops.ts'

/** Of a hundred who buy again, how many do so less often from then on. */
const LEAVING = 0.12

/** A shop's customers: who signs up, and who comes again. */
export class Clientele {
  readonly #shop: Shop
  readonly #random: Random
  /** Customers as often as they are loyal. */
  readonly #regulars: Customer[] = []
  #count = 0

  constructor(shop: Shop) {
    this.#shop = shop
    this.#random = new Random(`${shop.tenant}/customers`)
  }

  /** Those who had signed up before the sample's first day. */
  signUpEarly(count: number): Customer[] {
    return Array.from({ length: count }, () => this.signUp(FIRST_DAY - this.#random.integer(1, 1200)))
  }

  signUp(signed_up_on: number): Customer {
    const random = this.#random
    const segment = random.weighted({ consumer: 86, business: 10, trade: 4 })
    const country = random.weighted(this.#shop.countries)
    const family = random.pick(FAMILY_NAMES)
    const customer: Customer = {
      tenant: this.#shop.tenant,
      customer_id: ++this.#count,
      name:
        segment === 'consumer'
          ? `${random.pick(GIVEN_NAMES)} ${family}`
          : `${family} ${random.pick(BUSINESS_SUFFIXES)}`,
      segment,
      country,
      city: random.pick(this.#shop.cities[country] ?? []),
      birth_year: random.chance(segment === 'consumer' ? 0.72 : 0.1) ? random.bell(1940, 2004) : null,
      newsletter: random.chance(0.55),
      referred_by: this.#count > 1 && random.chance(0.08) ? random.integer(1, this.#count - 1) : null,
      signed_up_on,
    }
    const loyalty = segment === 'trade' ? 8 : segment === 'business' ? 3 : random.pick([0, 0, 0, 0, 1, 1, 1, 2, 2, 5])
    for (let times = 0; times < loyalty; times++) this.#regulars.push(customer)
    return customer
  }

  /** Somebody who buys again; undefined while there is nobody. */
  buyAgain(): Customer | undefined {
    const index = this.#random.integer(0, this.#regulars.length - 1)
    const customer = this.#regulars[index]
    if (customer !== undefined && this.#random.chance(LEAVING)) {
      this.#regulars[index] = this.#regulars[this.#regulars.length - 1] as Customer
      this.#regulars.pop()
    }
    return customer
  }

  /** Somebody who looks around. */
  lookAround(random: Random): Customer | undefined {
    return this.#regulars[random.integer(0, this.#regulars.length - 1)]
  }
}
