"""Words that carry grammar rather than content, as they are written (case-folded)."""

FUNCTION_WORDS = frozenset(
    """a about above after again against all also although always am among an and another any anybody anyone
    anything are around as at away back be because been before being below between both but by came can cannot
    come could did do does doing done down during each either else ever every everybody everyone everything few
    for from further get gets getting give given go goes going gone got had has have having he hence her here
    hers herself him himself his how however i if in into is it its itself just kind know let like made make
    makes many may maybe me might mine more most much must my myself near need neither never no nobody none nor
    not nothing now of off often on once one only onto or other others our ours ourselves out over own per
    perhaps please put quite rather really said same say says see shall she should since so some somebody
    someone something sort still such take tell than that the their theirs them themselves then there these they
    thing things this those though through to together too toward towards under until up upon us use used using
    very want was way we well went were what whatever when whenever where wherever whether which while who
    whoever whole whom whose why will with within without would yes yet you your yours yourself yourselves ok
    okay anyway actually d ll m re s t ve don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn
    haven hadn what'll who'll there'll it'll dont doesnt didnt isnt arent cant wont come long far exactly hi
    hello hey info information whats hows wheres whos im ive id thats theres can't don't doesn't didn't isn't
    aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't i'm i've i'd i'll you're
    you've you'll he's she's it's we're we've they're they've let's that's there's what's who's how's where's
    when's why's""".split()
)

POINTS_BACK = frozenset(
    """it its he she him her his hers they them their theirs this that these those there then one ones both such same
    former latter another else others mine there's that's it's he's she's they're""".split()
)
"""Words that stand for something said before."""
