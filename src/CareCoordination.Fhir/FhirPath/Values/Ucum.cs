using System.Collections.Concurrent;
using System.Globalization;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// A unit in base units: so many of them as a fraction and a power of ten say, in the dimensions given. Every unit of R4's value set
/// ucum-common but a few historical ones; units on scales of their own (<c>Cel</c>, <c>[pH]</c>) convert to themselves only.
/// https://ucum.org/ucum, docs/adr/0021-our-own-ucum.md
/// </summary>
internal sealed class Ucum
{
    private const int MaxRemembered = 1000;
    private const int MaxLength = 100;

    private static readonly ConcurrentDictionary<string, Ucum?> Known = new(StringComparer.Ordinal);

    private readonly decimal _numerator;
    private readonly decimal _denominator;
    private readonly int _exponent;
    private readonly SortedDictionary<string, int> _dimensions;

    private Ucum(decimal numerator, int exponent, SortedDictionary<string, int> dimensions, decimal denominator = 1)
    {
        (_numerator, _denominator, _exponent) = (numerator, denominator, exponent);
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

    public bool IsOfDimensionOf(Ucum other) => _dimensions.SequenceEqual(other._dimensions);

    /// <summary>Null where the dimensions differ.</summary>
    public decimal? Convert(decimal value, Ucum target)
    {
        if (!IsOfDimensionOf(target))
            return null;
        try
        {
            var (over, under) = Product((_numerator, _denominator), (target._denominator, target._numerator));
            return Scale(value * over / under, _exponent - target._exponent);
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
            var isTen = text.IsEmpty || text[0] is '.' or '/' or ')' or '{';
            unit = (isTen ? 1 : Exponent(ref text)) is { } power
                ? new Ucum(1, power, new(StringComparer.Ordinal))
                : null;
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
        if (UcumUnits.Plain.TryGetValue(name, out var definition) || UcumUnits.Metric.TryGetValue(name, out definition))
            return definition.Length == 0
                ? new Ucum(1, 0, new(StringComparer.Ordinal) { [name] = 1 })
                : Find(definition);
        foreach (var length in (ReadOnlySpan<int>)[1, 2])
        {
            if (
                name.Length > length
                && UcumUnits.Prefixes.TryGetValue(name[..length], out var exponent)
                && UcumUnits.Metric.ContainsKey(name[length..])
                && Atom(name[length..]) is { } unit
            )
                return new Ucum(unit._numerator, unit._exponent + exponent, unit._dimensions, unit._denominator);
        }

        return null;
    }

    private static Ucum One => new(1, 0, new(StringComparer.Ordinal));

    private Ucum Times(Ucum other, int power)
    {
        var factor = (_numerator, _denominator);
        for (var i = 0; i < Math.Abs(power); i++)
            factor = Product(
                factor,
                power > 0 ? (other._numerator, other._denominator) : (other._denominator, other._numerator)
            );
        var dimensions = new SortedDictionary<string, int>(_dimensions, StringComparer.Ordinal);
        foreach (var (name, exponent) in other._dimensions)
        {
            dimensions[name] = dimensions.GetValueOrDefault(name) + (exponent * power);
            if (dimensions[name] == 0)
                dimensions.Remove(name);
        }

        return new Ucum(factor._numerator, _exponent + (other._exponent * power), dimensions, factor._denominator);
    }

    /// <summary>A fraction in its lowest terms, so that no third or twelfth is rounded.</summary>
    private static (decimal Numerator, decimal Denominator) Product(
        (decimal Numerator, decimal Denominator) a,
        (decimal Numerator, decimal Denominator) b
    )
    {
        var (across, down) = (Divisor(a.Numerator, b.Denominator), Divisor(b.Numerator, a.Denominator));
        return (a.Numerator / across * (b.Numerator / down), a.Denominator / down * (b.Denominator / across));
    }

    /// <summary>The greatest common divisor of two whole numbers.</summary>
    private static decimal Divisor(decimal a, decimal b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
