-- What the reports need of pandoc's tree beyond what its writers do with it.
-- HTML: captions are numbered, tables scroll in a frame that keyboards and screen readers can reach.
-- typst: links of numbers live, text is set letter by letter, plots and mathematics have the alternative text that PDF/UA asks for.

-- The first heading of level 1 is the title, which the template sets above the text.
local titled = false
local function untitled(header)
  if header.level == 1 and not titled then
    titled = true
    return {}
  end
end

-- HTML

local counts = { Figure = 0, Table = 0 }

local function number_caption(float, word)
  local blocks = float.caption.long
  if #blocks == 0 then return end
  counts[word] = counts[word] + 1
  local label = pandoc.Span(word .. " " .. counts[word] .. ":", { class = "label" })
  blocks[1].content = pandoc.List { label, pandoc.Space() } .. blocks[1].content
  float.caption.long = blocks
end

local function html_figure(figure)
  number_caption(figure, "Figure")
  figure.attributes.tabindex = "0" -- on a phone it scrolls by itself
  return figure
end

local function html_table(tbl)
  number_caption(tbl, "Table")
  local name = pandoc.utils.stringify(tbl.caption.long)
  local attributes = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", name ~= "" and name or "Table" } }
  return pandoc.Div(tbl, pandoc.Attr("", { "table" }, attributes))
end

-- typst

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n") .. '"'
end

-- In typst dots and hyphens become other signs beside some letters, an apostrophe is turned by what is near, and
-- some words begin a heading or a list where they begin a cell; pandoc leaves all that as it is.
local MEANING = { "%.%.", "%-[%d?]", "’", "^=+$", "^[-+/]$", "^%d+%.$" }

local function typst_letters(str)
  local plain = true
  for _, pattern in ipairs(MEANING) do plain = plain and not str.text:find(pattern) end
  if plain then return end
  local out = pandoc.Inlines {}
  for _, code in utf8.codes(str.text) do
    local letter = utf8.char(code)
    local escape = letter == "’" and "\\u{2019}" or letter:find("[-.=+/]") and "\\" .. letter
    out:insert(escape and pandoc.RawInline("typst", escape) or pandoc.Str(letter))
  end
  return out
end

local function typst_links(inlines)
  local out, inside, target, changed = pandoc.Inlines {}, nil, nil, false
  for _, inline in ipairs(inlines) do
    local tag = inline.t == "RawInline" and inline.text
    local href = tag and tag:match '^<a class="number" .-href="([^"]*)"'
    if href then
      inside, target, changed = {}, href, true
    elseif inside and tag == "</a>" then
      out:insert(pandoc.Link(inside, target))
      inside = nil
    else
      table.insert(inside or out, inline)
    end
  end
  return changed and out or nil
end

local function typst_figure(figure)
  return figure:walk {
    Image = function(image)
      local alt = quoted(pandoc.utils.stringify(image.caption))
      return pandoc.RawInline("typst", "#image(" .. quoted(image.src) .. ", width: 100%, alt: " .. alt .. ")")
    end,
  }
end

local function typst_math(math)
  local equation = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, "typst"):gsub("%s+$", "")
  local block = tostring(math.mathtype == "DisplayMath")
  local alt = quoted(math.text)
  return pandoc.RawInline("typst", ("#math.equation(block: %s, alt: %s, %s)"):format(block, alt, equation))
end

if FORMAT == "typst" then
  return {
    { Header = untitled, Inlines = typst_links, Figure = typst_figure, Math = typst_math },
    { Str = typst_letters },
  }
end
return { { Header = untitled, Figure = html_figure, Table = html_table } }
