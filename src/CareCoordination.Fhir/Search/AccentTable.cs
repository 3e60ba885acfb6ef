namespace CareCoordination.Fhir.Search;

/// <summary>
/// The base letter of precomposed Latin, Greek and Cyrillic small letters: the canonical decompositions of Unicode 15, and
/// the letters with a stroke. The platform's own normalisation also takes apart what are letters of their own (Korean, Japanese),
/// and does so by the Unicode version that is installed beside it.
/// </summary>
internal static class AccentTable
{
    private const string Letters =
        ""
        + "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįİıĵķĺļľł"
        + "ńņňōŏőŕŗřśŝşšţťŧũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǣǧǩǫǭǯǰǵǹǻǽǿȁȃȅȇȉȋȍȏȑ"
        + "ȓȕȗșțȟȧȩȫȭȯȱȳʹΐάέήίΰςϊϋόύώϓϔйѐёѓїќѝўѷӂӑӓӗӛӝӟӣӥӧӫӭӯӱӳӵӹḁḃḅḇḉḋ"
        + "ḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃ"
        + "ẅẇẉẋẍẏẑẓẕẖẗẘẙẛạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹἀ"
        + "ἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὐὑὒὓὔὕὖὗὠὡὢὣὤὥὦὧὰάὲέὴήὶίὸ"
        + "όὺύὼώᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱᾲᾳᾴᾶᾷιῂῃῄῆῇῐῑῒΐῖῗῠῡῢΰῤῥῦῧῲῳῴῶ"
        + "ῷ";

    private const string Bases =
        ""
        + "aaaaaaceeeeiiiinoooooouuuuyyaaaccccddeeeeegggghhiiiiIijkllll"
        + "nnnooorrrsssstttuuuuuuwyzzzouaiouuuuuaaægkooʒjgnaæøaaeeiioor"
        + "ruusthaeooooyʹιαεηιυσιυουωϒϒиеегікиуѵжааеәжзииоөэууучыabbbcd"
        + "ddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuuuvvww"
        + "wwwxxyzzzhtwyſaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyyα"
        + "αααααααεεεεεεηηηηηηηηιιιιιιιιοοοοοουυυυυυυυωωωωωωωωααεεηηιιο"
        + "ουυωωααααααααηηηηηηηηωωωωωωωωαααααααιηηηηηιιιιιιυυυυρρυυωωωω"
        + "ω";

    private const int Size = 0x2000;

    private static readonly char[] BaseOf = Build();

    /// <summary>The letter without its accents; any other character as it is.</summary>
    public static char Base(char c) => c < Size ? BaseOf[c] : c;

    private static char[] Build()
    {
        var table = new char[Size];
        for (var c = 0; c < Size; c++)
            table[c] = (char)c;
        for (var i = 0; i < Letters.Length; i++)
            table[Letters[i]] = Bases[i];
        return table;
    }
}
