using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>https://ucum.org/ucum, docs/adr/0021-our-own-ucum.md</summary>
public sealed class UcumTests
{
    /// <summary>Units of printers, surveyors and grocers of other times, and natural constants.</summary>
    private const string NotKnown = """
        [bbl_us] [bf_i] [Btu_39] [Btu_59] [Btu_60] [Btu_IT] [Btu_m] [bu_br] [bu_us] [car_Au] [ch_br] [ch_us] [cicero] [cml_i] [cr_i]
        [crd_us] [didot] [dpt_us] [dqt_us] [e] [eps_0] [fth_br] [fth_us] [fur_us] [G] [gal_wi] [h] [k] [kn_br] [lcwt_av] [ligne] [lk_br]
        [lk_us] [lne] [m_e] [m_p] [mesh_i] [mil_us] [mu_0] [nmi_br] [pc_br] [pca] [pca_pr] [pied] [pk_br] [pk_us] [pnt] [pnt_pr] [pouce]
        [rch_us] [rd_br] [rd_us] [rlk_us] [sct] [scwt_av] [smoot] [srd_us] [twp]
        """;

    [Theory]
    [InlineData("70", "[lb_av]", "kg", "31.7514659")]
    [InlineData("1", "g", "mg", "1000")]
    [InlineData("1", "wk", "d", "7")]
    [InlineData("1", "a", "d", "365.25")]
    [InlineData("1", "mo", "d", "30.4375")]
    [InlineData("1", "[in_i]", "cm", "2.54")]
    [InlineData("6", "[ft_i]", "m", "1.8288")]
    [InlineData("120", "mm[Hg]", "kPa", "15.99864")]
    [InlineData("1", "cm[H2O]", "Pa", "98.0665")]
    [InlineData("5", "mmol/L", "mol/m3", "5")]
    [InlineData("180", "mg/dL", "g/L", "1.8")]
    [InlineData("1", "g%", "g/L", "10")]
    [InlineData("1", "kg/m2", "g/cm2", "0.1")]
    [InlineData("1", "10*9/L", "10*6/mL", "1")]
    [InlineData("1", "10*3/uL", "10*9/L", "1")]
    [InlineData("1", "10^3/uL", "10*9/L", "1")]
    [InlineData("3", "10*", "1", "30")]
    [InlineData("100", "%", "1", "1")]
    [InlineData("1", "mL/min/{1.73_m2}", "L/h", "0.06")]
    [InlineData("1", "/min", "/h", "60")]
    [InlineData("1", "ug/kg/min", "mg/kg/h", "0.06")]
    [InlineData("1", "umol/min", "U", "1")]
    [InlineData("1", "kcal", "kJ", "4.184")]
    [InlineData("1", "meq/L", "eq/m3", "1")]
    [InlineData("1", "m/(s.s)", "m/s2", "1")]
    [InlineData("1", "J/(kg.K)", "m2/(s2.K)", "1")]
    [InlineData("1", "mg/(24.h)", "mg/d", "1")]
    [InlineData("1", "dyn.s/cm5", "Pa.s/m3", "100000")]
    [InlineData("1", "cP", "mPa.s", "1")]
    [InlineData("1", "uCi", "kBq", "37")]
    [InlineData("1", "[MET]", "mL/min/kg", "3.5")]
    [InlineData("1", "[wood'U]", "[PRU]", "60")]
    [InlineData("1", "[oz_tr]", "g", "31.1034768")]
    [InlineData("1", "[dr_av]", "g", "1.7718451953125")]
    [InlineData("1", "[tsp_us]", "mL", "4.92892159375")]
    [InlineData("1", "[foz_br]", "mL", "28.4130625")]
    [InlineData("60", "'", "deg", "1")]
    [InlineData("37", "Cel", "Cel", "37")]
    [InlineData("98.6", "[degF]", "Cel", null)]
    [InlineData("1", "mg", "mL", null)]
    [InlineData("1", "[HPF]", "[GPL'U]", null)]
    public void Converts_exactly(string value, string from, string to, string? expected)
    {
        var actual = Ucum.Find(from)!.Convert(Number(value), Ucum.Find(to)!);

        Assert.Equal(expected is null ? null : Number(expected), actual);
    }

    [Fact]
    public void Knows_the_common_units_but_those_of_other_times()
    {
        var unknown = CommonCodes().Where(code => Ucum.Find(code) is null);

        Assert.Equal(
            NotKnown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            unknown.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void What_converts_converts_back()
    {
        var codes = CommonCodes().Where(c => Ucum.Find(c) is not null).ToList();
        var lost = new List<string>();
        foreach (var (from, to) in codes.Zip(codes.Skip(1).Concat(codes.Take(1))))
        {
            var (a, b) = (Ucum.Find(from)!, Ucum.Find(to)!);
            if (a.Convert(3, a) != 3)
                lost.Add(from);
            if (a.Convert(3, b) is { } there && (b.Convert(there, a) is not { } back || Math.Abs(back - 3) > 1e-9m))
                lost.Add($"{from} {to}");
        }

        Assert.Empty(lost);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("kg.")]
    [InlineData("kg..m")]
    [InlineData("(kg")]
    [InlineData("kg)")]
    [InlineData("[lb_av")]
    [InlineData("{x")]
    [InlineData("0")]
    [InlineData("m99999999999")]
    [InlineData("10*999999")]
    [InlineData("kkg")]
    [InlineData("k[lb_av]")]
    [InlineData("furlong")]
    [InlineData("Mg mL")]
    [InlineData("\0")]
    public void Is_null_for_what_is_no_unit(string code) => Assert.Null(Ucum.Find(code));

    [Fact]
    public void Answers_for_codes_of_any_length()
    {
        foreach (var length in new[] { 10, 99, 100, 101, 5_000, 1_000_000 })
        {
            Assert.Null(Ucum.Find(new string('(', length)));
            _ = Ucum.Find(string.Concat(Enumerable.Repeat("kg.", length)));
            _ = Ucum.Find(string.Concat(Enumerable.Repeat("[gal_us].", length)) + "m");
            _ = Ucum.Find("[gal_us]" + new string('9', length));
        }
    }

    private static List<string> CommonCodes()
    {
        using var gzip = new GZipStream(
            File.OpenRead(Conformance.Find("definitions/hl7.fhir.r4.core-4.0.1.tgz")),
            CompressionMode.Decompress
        );
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name != "package/ValueSet-ucum-common.json" || entry.DataStream is null)
                continue;
            using var document = JsonDocument.Parse(entry.DataStream);
            return
            [
                .. document
                    .RootElement.GetProperty("compose")
                    .GetProperty("include")
                    .EnumerateArray()
                    .SelectMany(i => i.GetProperty("concept").EnumerateArray())
                    .Select(c => c.GetProperty("code").GetString()!)
                    .Distinct(StringComparer.Ordinal),
            ];
        }

        return [];
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
