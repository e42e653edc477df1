-- What the reports need of pandoc's tree beyond what its writers do with it.
-- HTML: captions are numbered, tables scroll in a frame that keyboards and screen readers can reach.
-- typst: numbers lead to their entries, long tables are cut, text is set letter by letter, plots and mathematics have
-- the alternative text that PDF/UA asks for.

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
  local scrolls = false
  figure:walk { Image = function() scrolls = true end }
  if scrolls then figure.attributes.tabindex = "0" end -- on a phone it scrolls by itself
  return figure
end

-- The decimals that a number at the end of a cell has, with their point; nil where it ends in no number.
local function decimals(cell)
  local text = pandoc.utils.stringify(cell.contents)
  return text:match "%d[%d,]*(%.%d+)%s*$" or text:match "%d%s*$" and ""
end

-- The first cell heads its row; decimals stand below each other.
local function comparable(tbl)
  local right, columns = {}, #tbl.colspecs
  for place, column in ipairs(tbl.colspecs) do
    right[place] = column[1] == pandoc.AlignRight
    tbl.colspecs[place] = { pandoc.AlignDefault, nil } -- cells say by a class where they stand; browsers find the widths
  end
  for _, row in ipairs(tbl.head.rows) do
    for place, cell in ipairs(row.cells) do
      if right[place] then cell.classes:insert("right") end
    end
  end
  for _, body in ipairs(tbl.bodies) do
    local longest, heads = {}, columns > 1
    for _, row in ipairs(body.body) do
      for place, cell in ipairs(row.cells) do
        if right[place] then
          cell.classes:insert("right")
          longest[place] = math.max(longest[place] or 0, #(decimals(cell) or ""))
        end
        if place == 1 and pandoc.utils.stringify(cell.contents) == "" then heads = false end
      end
    end
    if heads then body.row_head_columns = 1 end
    for _, row in ipairs(body.body) do
      for place, cell in ipairs(row.cells) do
        if heads and place == 1 then cell.attributes.scope = "row" end
        local own = longest[place] and decimals(cell)
        if own and #own < longest[place] and #cell.contents > 0 then
          local pad = (own == "" and "." or "") .. ("0"):rep(longest[place] - math.max(#own, 1))
          cell.attributes["data-pad"] = pad
        end
      end
    end
  end
end

-- A plot that was drawn for the page: its drawings, then its caption.
local function html_picture(div)
  if not div.classes:includes("picture") then return end
  local caption = table.remove(div.content)
  return pandoc.Figure(div.content, { long = { pandoc.Plain(caption.content) } })
end

local function html_table(tbl)
  comparable(tbl)
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

-- Numbers lead to their entries by the functions of paper.typ: `data-ref` is the number of the entry, 0 in a table, and
-- a number without it has no entry.
local function typst_numbers(inlines)
  local out, inside, opening, changed = pandoc.Inlines {}, nil, nil, false
  for _, inline in ipairs(inlines) do
    local tag = inline.t == "RawInline" and inline.text
    if tag and tag:match '^<a class="number" ' then
      local ref, target = tag:match 'data%-ref="(%d+)"', tag:match 'href="#([^"]*)"'
      inside, changed, opening = {}, true, nil
      if ref then opening = ref == "0" and ("#tabled(<%s>)["):format(target) or ("#numbered(<%s>, %s)["):format(target, ref) end
    elseif inside and tag == "</a>" then
      if opening then out:insert(pandoc.RawInline("typst", opening)) end
      out:extend(inside)
      if opening then out:insert(pandoc.RawInline("typst", "]")) end
      inside = nil
    else
      table.insert(inside or out, inline)
    end
  end
  return changed and out or nil
end

-- In a book the same heading may stand in several chapters: labels, and links to them, have the name of the chapter.
local PREFIX = tostring(PANDOC_WRITER_OPTIONS.variables["prefix"] or "")

local function typst_link(link)
  if PREFIX == "" then return end
  local chapter, anchor = link.target:match "^(%d%d_[%w_]+)%.html#?(.*)$"
  if chapter then
    link.target = "#" .. chapter .. "-" .. (anchor ~= "" and anchor or "top")
    return link
  elseif link.target:match "^#" and not link.target:match "^#evidence%-" then
    link.target = "#" .. PREFIX .. link.target:sub(2)
    return link
  end
end

local function typst_header(header)
  if untitled(header) then return {} end
  if header.identifier ~= "" then header.identifier = PREFIX .. header.identifier end
  return header
end

-- What a page folds away is left out, but for a line that names it; code is not here anyway.
local function typst_folded(blocks)
  local out, depth, summary, changed = pandoc.Blocks {}, 0, false, false
  for _, block in ipairs(blocks) do
    local tag = block.t == "RawBlock" and block.text or ""
    if tag:match "^<details" then depth, changed = depth + 1, true
    elseif tag:match "^</details>" then depth = math.max(0, depth - 1)
    elseif depth == 1 and tag:match "^<summary>" then summary = true
    elseif depth == 0 then out:insert(block)
    elseif summary and block.content then
      local words = pandoc.Inlines { pandoc.Str "On", pandoc.Space(), pandoc.Str "the", pandoc.Space(), pandoc.Str "page:", pandoc.Space() }
      out:insert(pandoc.Para { pandoc.Emph(words .. block.content) })
      summary = false
    end
  end
  return changed and out or nil
end

-- How wide columns are on paper, whose lines are longer and smaller than those of a screen: short ones have what they
-- need, and the others share the rest by the length of their text, but none is narrower than its longest word.
local LINE, SHORT, GAP = 128, 13, 3 -- characters

local function set_widths(tbl)
  local longest, word, total, count = {}, {}, {}, 0
  local function measure(rows, head)
    for _, row in ipairs(rows) do
      count = count + (head and 0 or 1)
      for i, cell in ipairs(row.cells) do
        local text = pandoc.utils.stringify(cell.contents)
        local length = (utf8.len(text) + #text) / 2 -- a Chinese sign is as wide as two letters
        if not head then
          longest[i], total[i] = math.max(longest[i] or 0, length), (total[i] or 0) + length
        end
        if head then word[i] = length / 3 end -- a head has three lines
        for part in text:gmatch "%S+" do word[i] = math.max(word[i] or 0, math.min(utf8.len(part) or #part, 16)) end
      end
    end
  end
  measure(tbl.head.rows, true)
  for _, body in ipairs(tbl.bodies) do measure(body.body, false) end
  local line = #tbl.colspecs > 6 and LINE * 1.1 or LINE
  local rest, weights, weight = line, {}, 0
  for i = 1, #tbl.colspecs do
    local need = math.max(longest[i] or 0, word[i] or 0)
    if need <= SHORT then
      weights[i], rest = -need, rest - need - GAP
    else
      weights[i] = math.max((total[i] / math.max(count, 1)) ^ 0.55, 3)
      weight = weight + weights[i]
    end
  end
  local shares, sum = {}, 0
  for i, found in ipairs(weights) do
    shares[i] = found <= 0 and -found + GAP or math.max(rest * found / weight, word[i] + GAP)
    if found > 0 then shares[i] = math.min(shares[i], longest[i] + GAP) end
    sum = sum + shares[i]
  end
  for i, column in ipairs(tbl.colspecs) do
    column[2] = shares[i] / math.max(sum, line)
    tbl.colspecs[i] = column
  end
end

-- A long table is for searching: paper has its beginning, the page and the tables of the repository have all of it.
local MOST_ROWS, KEPT_ROWS = 40, 25

local function typst_table(tbl)
  set_widths(tbl)
  local rows = 0
  for _, body in ipairs(tbl.bodies) do
    rows = rows + #body.body
    if rows > MOST_ROWS then
      while #body.body > KEPT_ROWS do body.body:remove(#body.body) end
    end
  end
  if rows <= MOST_ROWS then return tbl end
  local words = ("The first %d of %d rows. The HTML page beside this file has all of them."):format(KEPT_ROWS, rows)
  return { tbl, pandoc.Para { pandoc.Emph(words) } }
end

local function typst_figure(figure)
  return figure:walk {
    Image = function(image)
      local alt = quoted(pandoc.utils.stringify(image.caption))
      return pandoc.RawInline("typst", "#plot(" .. quoted(image.src) .. ", " .. alt .. ")")
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
    { Blocks = typst_folded },
    { Header = typst_header, Inlines = typst_numbers, Link = typst_link, Table = typst_table },
    { Figure = typst_figure, Math = typst_math },
    { Str = typst_letters },
  }
end
return { { Div = html_picture }, { Header = untitled, Figure = html_figure, Table = html_table } }
