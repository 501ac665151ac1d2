"""
Small documents in each of the five layouts, about an optimizer that there is not.
"""

from __future__ import annotations

from rmsprop_oracle.clauses import KERAS_3, KERAS_3_EARLY, R_3, TF_2, TF_2_MIRROR

HELP = """\
Help on class RMSprop in module nowhere:

class RMSprop(Base)
 |  RMSprop(rate=1, name='x')
 |
 |  Goes downhill. Slowly
 |  indeed.
 |
 |  - One thing
 |    and its end
 |  - Another thing
 |
 |  Args:
 |      rate: Float. How fast
 |          it goes. Is `1` otherwise.
 |      name: A word.
 |
 |  Example:
 |
 |  >>> x = RMSprop(). Never a sentence.
 |  >>> x
 |
 |  Reference:
 |
 |  - [Nobody](
 |      https://example.org)
 |
 |  Method resolution order:
 |      RMSprop
 |      Base
 |
 |  Methods defined here:
 |
 |  __init__(
 |    self,
 |    rate=1
 |  )
 |      Makes one of them.
 |
 |  get(self)
 |      Gives what it has.
 |
 |      Returns:
 |          All of it.
 |
 |  ----------------------------------------------------------------------
 |  Methods inherited from Base:
 |
 |  other(self)
"""

EARLY = """\
`RMSprop`

class```
RMSprop(
rate=1
)
```

Goes downhill.

- One thing

**Arguments**

**rate**: Float, or a`Schedule`

, of how fast. Is`1` otherwise

.**name**: A word. **more**: Nothing more

.

**Example**

```
>>> x
```

**Reference**"""

R_PAGE = (
    """\
Skip this

Goes downhill.

  • One thing

  • Another thing

  rate = 1,
  name = "x"


"""
    + "\n\n".join(f"Says something of number {number}." for number in range(16))
    + """

one of them

x <- f(rate=1). No sentence.
"""
)

PAGE = """\
page_type: reference
<style>x</style>

# tf.keras.optimizers.X

<td>
  <a target="_blank" href="https://example.org">
    View source on GitHub
  </a>
</td></table>

## Class `RMSprop`

Goes downhill.

### Aliases:

* Class `y.X`

### Used in the tutorials:

* [One](https://example.org)

Says it all.

  - one thing
  - another thing

<div> $$a = b +
    c$$ </div>

<h2 id="__init__"><code>__init__</code></h2>

<a target="_blank" href="https://example.org">View source</a>

``` python
__init__(
    rate=1
)
```

Makes one. Of them.

#### Args:

* <b>`rate`</b>: How fast it
  goes.
* <b>`**more`</b>: Nothing more.

## Properties

<h3 id="steps"><code>steps</code></h3>

Variable. The steps.

## Methods

<h3 id="go"><code>go</code></h3>

``` python
go()
```

Goes down.

#### Args:

* <b>`far`</b>: How far.

#### Returns:

Nothing.

#### Raises:

* <b>`ValueError`</b>: If it is too far.
"""

MIRROR = """\
## Class RMSprop
Goes downhill.
### Used in the tutorials:
- ``O``n``e``
Says it all.
- ``o``n``e`` ``t``h``i``n``g``
## __init__
View source

```
 __init__(
    rate=1
)
```
Makes one.
#### Args:
- `rate`: How fast it goes. Is `1`.
"""

PAGES = {KERAS_3: HELP, KERAS_3_EARLY: EARLY, R_3: R_PAGE, TF_2: PAGE, TF_2_MIRROR: MIRROR}
