using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// A unit in base units: <c>Mantissa * 10^Exponent</c> of them, in the dimensions given. Enough of UCUM for the units of
/// care data; units on scales of their own (<c>Cel</c>, <c>[pH]</c>) convert to themselves only. https://ucum.org/ucum
/// </summary>
internal sealed class Ucum
{
    private const int MaxRemembered = 1000;
    private const int MaxLength = 100;

    private static readonly FrozenDictionary<string, int> Prefixes = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Y"] = 24,
        ["Z"] = 21,
        ["E"] = 18,
        ["P"] = 15,
        ["T"] = 12,
        ["G"] = 9,
        ["M"] = 6,
        ["k"] = 3,
        ["h"] = 2,
        ["da"] = 1,
        ["d"] = -1,
        ["c"] = -2,
        ["m"] = -3,
        ["u"] = -6,
        ["n"] = -9,
        ["p"] = -12,
        ["f"] = -15,
        ["a"] = -18,
        ["z"] = -21,
        ["y"] = -24,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Units that take prefixes, by what they are in other units.</summary>
    private static readonly FrozenDictionary<string, string> Metric = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["m"] = "",
        ["g"] = "",
        ["s"] = "",
        ["K"] = "",
        ["C"] = "",
        ["cd"] = "",
        ["rad"] = "",
        ["mol"] = "",
        ["Cel"] = "",
        ["[iU]"] = "",
        ["[IU]"] = "[iU]",
        ["osm"] = "mol",
        ["eq"] = "",
        ["L"] = "dm3",
        ["l"] = "dm3",
        ["N"] = "kg.m/s2",
        ["Pa"] = "N/m2",
        ["J"] = "N.m",
        ["W"] = "J/s",
        ["A"] = "C/s",
        ["V"] = "J/C",
        ["Ohm"] = "V/A",
        ["S"] = "A/V",
        ["F"] = "C/V",
        ["Wb"] = "V.s",
        ["T"] = "Wb/m2",
        ["H"] = "Wb/A",
        ["Hz"] = "/s",
        ["Bq"] = "/s",
        ["Gy"] = "J/kg",
        ["Sv"] = "J/kg",
        ["kat"] = "mol/s",
        ["U"] = "umol/min",
        ["lm"] = "cd.sr",
        ["lx"] = "lm/m2",
        ["bar"] = "100000.Pa",
        ["t"] = "1000.kg",
        ["cal"] = "4184.mJ",
        ["m[H2O]"] = "9806650.mPa",
        ["m[Hg]"] = "133322.Pa",
        ["eV"] = "160217733.10*-27.J",
        ["B"] = "",
        ["bit"] = "",
        ["By"] = "8.bit",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Units that take none.</summary>
    private static readonly FrozenDictionary<string, string> Plain = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["min"] = "60.s",
        ["h"] = "60.min",
        ["d"] = "24.h",
        ["wk"] = "7.d",
        ["a"] = "36525.10*-2.d",
        ["a_j"] = "a",
        ["mo"] = "30437500.10*-6.d",
        ["mo_j"] = "mo",
        ["%"] = "10*-2",
        ["[ppth]"] = "10*-3",
        ["[ppm]"] = "10*-6",
        ["[ppb]"] = "10*-9",
        ["[pi]"] = "",
        ["deg"] = "",
        ["sr"] = "rad2",
        ["[in_i]"] = "254.10*-2.cm",
        ["[ft_i]"] = "12.[in_i]",
        ["[yd_i]"] = "3.[ft_i]",
        ["[mi_i]"] = "5280.[ft_i]",
        ["[lb_av]"] = "45359237.10*-5.g",
        ["[oz_av]"] = "28349523125.10*-9.g",
        ["[gr]"] = "6479891.10*-5.mg",
        ["[stone_av]"] = "14.[lb_av]",
        ["[ston_av]"] = "2000.[lb_av]",
        ["[foz_us]"] = "295735295625.10*-10.mL",
        ["[cup_us]"] = "8.[foz_us]",
        ["[pt_us]"] = "16.[foz_us]",
        ["[qt_us]"] = "32.[foz_us]",
        ["[gal_us]"] = "128.[foz_us]",
        ["[tbs_us]"] = "147867647813.10*-10.mL",
        ["[tsp_us]"] = "492892159375.10*-11.mL",
        ["[degF]"] = "",
        ["[pH]"] = "",
        ["[drp]"] = "5.10*-2.mL",
        ["[Cal]"] = "1000.cal",
        ["[psi]"] = "6894757293.10*-6.Pa",
        ["atm"] = "101325.Pa",
        ["[diop]"] = "/m",
        ["[arb'U]"] = "",
        ["[USP'U]"] = "",
        ["[CFU]"] = "",
        ["[PFU]"] = "",
        ["[hp'_X]"] = "",
        ["[Ch]"] = "",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Ucum?> Known = new(StringComparer.Ordinal);

    private readonly decimal _mantissa;
    private readonly int _exponent;
    private readonly SortedDictionary<string, int> _dimensions;

    private Ucum(decimal mantissa, int exponent, SortedDictionary<string, int> dimensions)
    {
        (_mantissa, _exponent) = (mantissa, exponent);
        _dimensions = dimensions;
    }

    /// <summary>Null where the code is not known.</summary>
    public static Ucum? Find(string code)
    {
        if (Known.TryGetValue(code, out var known))
            return known;
        var unit = code.Length > MaxLength ? null : Parse(code);
        // Units come from clients: the table of them must not grow for ever.
        if (Known.Count < MaxRemembered)
            Known[code] = unit;
        return unit;
    }

    /// <summary>Null where the dimensions differ.</summary>
    public decimal? Convert(decimal value, Ucum target)
    {
        if (!_dimensions.SequenceEqual(target._dimensions))
            return null;
        try
        {
            return Scale(value * _mantissa / target._mantissa, _exponent - target._exponent);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal Scale(decimal value, int exponent)
    {
        for (; exponent > 0; exponent--)
            value *= 10;
        for (; exponent < 0; exponent++)
            value /= 10;
        return value;
    }

    private static Ucum? Parse(string code)
    {
        try
        {
            var rest = code.AsSpan();
            var unit = Term(ref rest);
            return rest.IsEmpty ? unit : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // term: '/'? component (('.' | '/') component)*
    private static Ucum? Term(ref ReadOnlySpan<char> text)
    {
        var unit = One;
        var power = 1;
        if (text.StartsWith("/"))
        {
            power = -1;
            text = text[1..];
        }

        while (true)
        {
            if (Component(ref text) is not { } component)
                return null;
            unit = unit.Times(component, power);
            if (text.IsEmpty || text[0] is not '.' and not '/')
                return unit;
            power = text[0] == '/' ? -1 : 1;
            text = text[1..];
        }
    }

    // component: '(' term ')' | '10*' exponent | number | atom exponent? ; each may carry a '{annotation}'
    private static Ucum? Component(ref ReadOnlySpan<char> text)
    {
        Ucum? unit;
        if (text.StartsWith("("))
        {
            text = text[1..];
            unit = Term(ref text);
            if (!text.StartsWith(")"))
                return null;
            text = text[1..];
        }
        else if (text.StartsWith("10*") || text.StartsWith("10^"))
        {
            text = text[3..];
            unit = Exponent(ref text) is { } power ? new Ucum(1, power, new(StringComparer.Ordinal)) : null;
        }
        else if (text.StartsWith("{"))
        {
            unit = One;
        }
        else
        {
            var length = 0;
            var inBracket = false;
            while (
                length < text.Length
                && (inBracket || text[length] is not '.' and not '/' and not ')' and not '(' and not '{')
            )
            {
                inBracket = text[length] == '[' || (inBracket && text[length] != ']');
                length++;
            }

            unit = Simple(text[..length]);
            text = text[length..];
        }

        if (text.StartsWith("{"))
        {
            var end = text.IndexOf('}');
            if (end < 0)
                return null;
            text = text[(end + 1)..];
        }

        return unit;
    }

    private static Ucum? Simple(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return null;
        if (text.IndexOfAnyExceptInRange('0', '9') < 0)
            return
                decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != 0
                ? new Ucum(number, 0, new(StringComparer.Ordinal))
                : null;
        var end = text.Length;
        while (char.IsAsciiDigit(text[end - 1]))
            end--;
        if (end < text.Length && text[end - 1] is '+' or '-')
            end--;
        if (end == 0)
            return null;
        var exponentText = text[end..];
        var power = exponentText.IsEmpty ? 1 : Exponent(ref exponentText);
        return power is >= -9 and <= 9 && Atom(text[..end].ToString()) is { } atom
            ? One.Times(atom, power.Value)
            : null;
    }

    /// <summary>Null for one that is larger than any unit needs, and for none at all.</summary>
    private static int? Exponent(ref ReadOnlySpan<char> text)
    {
        var length = text.StartsWith("-") || text.StartsWith("+") ? 1 : 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        var isNumber = int.TryParse(
            text[..length],
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var exponent
        );
        text = text[length..];
        return isNumber && exponent is >= -50 and <= 50 ? exponent : null;
    }

    private static Ucum? Atom(string name)
    {
        if (Plain.TryGetValue(name, out var definition) || Metric.TryGetValue(name, out definition))
            return definition.Length == 0
                ? new Ucum(1, 0, new(StringComparer.Ordinal) { [name] = 1 })
                : Find(definition);
        foreach (var length in (ReadOnlySpan<int>)[1, 2])
        {
            if (
                name.Length > length
                && Prefixes.TryGetValue(name[..length], out var exponent)
                && Metric.ContainsKey(name[length..])
                && Atom(name[length..]) is { } unit
            )
                return new Ucum(unit._mantissa, unit._exponent + exponent, unit._dimensions);
        }

        return null;
    }

    private static Ucum One => new(1, 0, new(StringComparer.Ordinal));

    private Ucum Times(Ucum other, int power)
    {
        var mantissa = _mantissa;
        for (var i = 0; i < Math.Abs(power); i++)
            mantissa = power > 0 ? mantissa * other._mantissa : mantissa / other._mantissa;
        // Smaller than a decimal can be: nothing can be converted to it.
        if (mantissa == 0)
            throw new OverflowException();
        var dimensions = new SortedDictionary<string, int>(_dimensions, StringComparer.Ordinal);
        foreach (var (name, exponent) in other._dimensions)
        {
            dimensions[name] = dimensions.GetValueOrDefault(name) + (exponent * power);
            if (dimensions[name] == 0)
                dimensions.Remove(name);
        }

        return new Ucum(mantissa, _exponent + (other._exponent * power), dimensions);
    }
}
